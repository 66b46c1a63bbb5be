"""The pages and what they are made of."""

import os

# Read when torch is first imported: many visitors share few cores, and for nets this small two threads that wait for
# each other are slower than one.
os.environ.setdefault("OMP_NUM_THREADS", "1")
