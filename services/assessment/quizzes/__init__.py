"""Quizzes with prizes: a bank of questions, rounds, attempts, a draw that anybody can recompute."""
