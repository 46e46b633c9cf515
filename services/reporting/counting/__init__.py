"""What is counted of an event, and where: rules without storage, in any order, once each."""
