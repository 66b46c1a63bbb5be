"""MNIST as it comes with the package; README.md beside this says where it is from."""
