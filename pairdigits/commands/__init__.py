"""What the commands of `python -m pairdigits` do: a file each, with `add_options` and `run`."""
