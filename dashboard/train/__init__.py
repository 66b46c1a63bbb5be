"""The Train page: launch runs and watch them learn.

page           choose a model, press Start, watch it learn, and compare runs
charts         what a training teaches beyond its curves: the gap between train and test
comparison     stored runs side by side: curves, differences of their settings, probes
controls       what a visitor does with the runs on the charts: look closely, pause, go on, repeat, hide
findings       what the figures of a run say: overfitting, the optimism of choosing on test data
forking        at any epoch of a run that rests, another future beside its own; and the family of such runs
live_panel     the runs that a visitor watches: progress, controls, curves
prepared       a run that was trained beforehand, for a page on which nothing has been trained yet
runs_table     all stored runs: filter, sort, rename, delete, and files of models to load
settings_form  the form of a run: widgets that hold the fields of a `RunConfig`
start_panel    the left side of the Train page: settings, the Start button, the visitor's pair
watched        what the Train page remembers of a visitor, in session state and in the page's address
"""
