"""The Lesson: the report's argument, step by step.

page            the report's argument in steps, each with one idea, one thing to play with and one question
visitor         what it remembers of a visitor besides the widgets' values
ways            the ways to read it: step by step, on one page, as slides, as a presenter's notes
reading         one step to read: what it says and asks, beside what it shows and runs
article         all steps as one text
slide           a step as a slide: all on one screen
notes           what a presenter says to a slide, in a drawer or in a window of its own
presenter       the keys and buttons that turn the lesson, and its dress
question        a step's question, and its answer
run_it_live     short runs beside the committed ones
step            what a step is: one idea, one thing to play with, one question
steps           the steps, in the order of the report's own argument
task            step 1: the task, played against two models
overfitting     step 2: the base model, and what it learns by heart
tied_towers     step 3: weight sharing, tied and untied
digit_labels    step 4: auxiliary losses, from none to twice the report's weight
paradox         step 5: digits read rightly, and compared wrongly
opened_layer    step 6: the last layer of v1, opened
twenty_numbers  step 7: a last layer set by hand, behind raw logits and behind a softmax
remedies        step 8: three ways to make a last layer compare
written_rule    step 9: the comparison written down, and how far it goes
landscapes      step 10: digits that turn into others, under every model
honest_figures  step 11: what choosing on the test pairs claims, and what it is worth
fooled          step 12: a simulator of peeking
forked          step 13: runs that are forked, and what becomes of both futures
charts          what a head adds up, and the price of looking often
figures         the lesson's figures: without a toolbar, and on a slide as large as there is room
model_facts     what the figures show of the committed models and their first test pairs
quoted_rounds   the committed rounds as the lesson quotes them
"""
