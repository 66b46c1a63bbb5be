"""The Data page: the pairs, their classes, and what is done to the images.

page            the pairs themselves, their classes, what is done to the images
charts          shares of the classes, and how often each pair of digits comes up
dataset         what the Data page finds out about MNIST and its pairs
image_sections  the sections on single images: pooling, warps, hard digits, duplicates
pair_sections   the sections on pairs: a grid to browse, the two classes, the table of digit pairs
"""
