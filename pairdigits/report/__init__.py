"""The report's experiments, their committed rounds, and the tables made of them."""
