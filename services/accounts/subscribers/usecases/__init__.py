"""What operators, data controllers, subscribers and the courier want of a subscription."""
