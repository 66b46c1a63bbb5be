"""Two 14x14 digits: is the first less than or equal to the second?

The core of PairDigits, in the order of its imports: a file imports only what stands above it, and nothing here knows
of pages and charts.

======================================  ====================================================================
choices                                 kinds of probe, presets, protocols: a row each
folders                                 where trained models and finished rounds are kept
data, labels, augmentation              MNIST -> pairs; which digits have labels; warped images
photo, distances, sketch                an image file or a drawing -> a digit as MNIST has it
packed_pairs                            a pair of digits as a short text
towers, heads                           what reads a digit; what compares two
models                                  VARIANTS: towers and heads -> Prediction
cells                                   the 100 pairs of digits: how often each is drawn, right and wrong verdicts
evaluation, prior                       what a model says of pairs, and how right it is; unused outputs
estimates                               a mean over rounds and how well it is known
peeking                                 the best of many looks at the same test pairs, and what it is worth
probe, certainty                        the 10x10 investigation of the last layer; softmaxes made more certain
by_hand                                 a last layer whose numbers are set by hand
landscape                               a comparison over a square of digits that turn into others
fields                                  a run's fields: what each may be, and the words for it
config, presets, records                RunConfig: every choice of one run; named ones; what a run leaves
vectors, kernel, fused                  our own convolutions, and where they stand in for torch's
optimiser                               Adam and AdamW
objective, splits                       what a step makes smaller; the pairs of a run, in each epoch's order
watching                                probes and a visitor's own pair, while a model trains and after
devices                                 where a model trains
dropout                                 which values are silenced, for one run or many
forks                                   what a run takes over from the one it branches off from
training                                Training: one run, an epoch at a time
gradients, encodings                    what flows into a tower, and what comes out of it
one_step                                one training step taken apart
checkpoints                             trained models as safe files
together                                Together: many rounds of a run at once, on one device
report.sweeps                           runs that differ in one setting
report.stored_rounds                    finished rounds, as they stand in files
report.experiments                      the report's tables and figures as lists of runs
report.columns, report.tables           figures with their spread, as Markdown, LaTeX, CSV
report.rounds                           the rounds of an experiment as frames
report.findings, report.comparisons     what helps, and what moves with a setting; one against another
report.choosing                         what choosing the epoch adds
report.respacing, report.self_training  v7 without digit labels, mended from outside
report.repairs                          those two and the prior, compared
report.results                          the report's tables, and every other
report.conclusions, report.document     a sentence for each table; all as docs/results.md
side_by_side                            trained towers that read the same images in one go
one_digit                               whether a drawing is one digit at all
verdicts                                every model's answer to one pair
runs.clock                              what time it is, by the database
runs.database, runs.listing             its tables; runs as rows, and pages of them
runs.visitors                           whose runs they are, who may change them, and limits
runs.owners, runs.reports               which engines live, and what they write
runs.store                              runs and their records in a database
runs.worker, runs.cluster               what a Dask worker does; workers here or elsewhere
runs.roster                             which workers there are, and what is wrong with them
runs.jobs, runs.outbox                  whose turn it is; what waits to be written
runs.attendant                          from the queue to the workers, and what they tell
runs.keeper                             what others left unfinished, and what nobody waits for any more
runs.engine                             submit, watch, pause, step, stop, continue
lessons.trained                         runs behind lessons, looked at after every epoch
lessons.learning_towers                 gradients and maps of towers
lessons.readouts                        what a linear layer reads off encodings
lessons.labelled                        what few labels do inside a tower
lessons.futures                         runs that are forked under way
lessons.outputs, lessons.swaps          outputs that find their digits; exchanged digits
lessons.peeks                           runs looked at every other epoch, pair by pair
lessons.files                           all of these, as files behind the teaching pages
textbook                                a plain training loop
options                                 options that commands share
commands.report, commands.grid          python -m pairdigits report, and its grid search
commands.repairs                        the comparison of what mends v7
commands.train, commands.lessons        a run; the prepared results
commands.probe, commands.compare        what models say of digits
commands.dashboard, commands.bench      the server of the pages; how fast training is
__main__                                the command line
======================================  ====================================================================
"""
