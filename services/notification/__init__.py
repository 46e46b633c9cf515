"""The notification service: reaching people in discreet words, and paging officers on duty."""
