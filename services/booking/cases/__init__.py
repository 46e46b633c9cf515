"""Cases: people who need more than an appointment, each with a clock that cannot stop unseen."""
