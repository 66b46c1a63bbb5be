"""What two pages or more use.

address           what the page's address asks for
choose            choices that several pages offer
committed_rounds  the committed rounds
fool_yourself     a simulator of peeking at the test pairs, for the Results page and the lesson
head_by_hand      the last layer of v1 and of v5, set by hand: what the Probe page and the lesson show
label_sweeps      how many labels, how many wrong, until when, on which side: rounds, and what they say
launch_words      a launch in words: how far it is, and how right
launches          what a visitor started: runs, and rounds that belong together
live_runs         runs that a section starts on the engine, watched in place until they end
morphing          both digits turn into others, and every model's verdict is painted over the square
orders            what visitors ask of the engine, in their own name
picture_words     the base model's training step, in words
plain             words that a visitor made, shown as they are
sections          a page of sections, one shown at a time
server_wide       what there is one of for the life of the server
settings_text     a run's settings as text: in the page's address
signed            numbers with their signs
state             what is cached for everybody and what one visitor carries from page to page
step_scene        a training step as it is drawn
step_words        a siamese model's training step, in words
taken_step        one training step of a prepared run, and what one of its weights has to do with it
templates         HTML by template, escaped
teaching_data     what the sections look at: trained models with one tower or two, a pair of test digits
"""
