"""Answering page by page: every save is looked at, so an abandoned sitting still helps."""
