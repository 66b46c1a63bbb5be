"""The Lesson: the report's argument, step by step.

page           the report's argument in nine steps, each with one idea
charts         the lesson's own figures: accuracies with intervals, a sweep, what a head adds up
model_facts    what the lesson's figures show of the committed models and their first test pairs
model_steps    the steps whose thing to play with is a committed model
presenter      presenter's mode, and the keys that turn the lesson's pages
quoted_rounds  the committed rounds as the lesson quotes them
round_steps    the steps whose thing to play with is a chart of committed rounds
short_runs     short runs beside the committed ones: trained on the engine when somebody asks
sizes          how the lesson's figures are shown: charts in the size of the present mode
step_text      what a step says: its text, its formula and its question
steps          the nine steps of the lesson, in the order of the report's own argument
texts          what the lesson says, step by step; every number in it comes from the committed rounds
"""
