# Console

calibration-summary = Of { $draws } draws of the parameters, { $plausible } are ruled out by no calibrated pattern (within { $limit } standard deviations). Measures of further draws are emulated from these: { $points } draws of the posterior are worth { $effective } effective { $effective ->
    [one] draw
   *[other] draws
}.
calibration-few = Few draws make poor emulators (emulators.csv): replications=N makes more draws.
calibration-discrepancy = Discrepancy: beside the errors of sources and noise, each figure may be off by a factor that the model has wrong. Its size, each as probable as the others beforehand ({ $prior }), has these posterior probabilities: { $sizes }. Most probable: { $size }.
calibration-checked = Check of the emulators: of { $draws } draws of the posterior that were run, { $within } are ruled out by no calibrated figure (within { $limit } standard deviations of each).{ $worst ->
    [none] { " " }What was emulated is not in this posterior.
   *[other] { " " }The error of an emulator there is at most { $times } times the stated one ({ $worst }).
}
calibration-choice = Parameters of choice: quantiles of the plausible range, and the variance that the record removes, with all evidence and without the figures on donors (who follows to the harder coin)
calibration-narrowed = Parameters that the record narrows ({ $narrowed } of { $all }; quantiles of the plausible range)
calibration-rest = No shift is shown for the other { $rest } (parameters.csv).
calibration-pairs = Pairs that the record cannot separate (correlation of quantiles; one makes up for the other)
calibration-none = none
calibration-more-pairs = ... { $more } more in pairs.csv
calibration-predictive = Patterns under prior and posterior: { drawn-head }
calibration-then = { $prior }, then { $posterior }
calibration-recovery = Recovery: { $trials } draws served in turn as the known truth; the posterior was computed by emulators from the other draws. { $enough ->
    [yes] { $count } trials count, with { $needed } effective draws or more.
   *[no] No trial has { $needed } effective draws (the best { $best }), so all { $count } count, and their intervals are too narrow.
}
calibration-covered = 90 % intervals of { $parameter } hold the planted value in { $covered } % of trials [{ $low } to { $high }]
calibration-point = The held parameters are { $out ->
    [yes] ruled out
   *[no] not ruled out
}: the farthest pattern is { $pattern }, { $far } standard deviations outside of its published range (limit { $limit })

# Figures

calibration-parameters-title = { $narrowed ->
    [0] The record narrows none of { $all } uncertain parameters
   *[other] The record narrows { $narrowed } of { $all } uncertain parameters, and shows no shift for { $rest }
}
calibration-parameters-caption = Median and central 90 % of the posterior, as quantiles of the plausible range, from { $effective } effective draws; grey band: central 90 % of the prior; the { $shown } of { $all } parameters whose posterior lies farthest from the prior
calibration-parameters-axis = quantile of the plausible range (0: low end, 0.5: default, 1: high end)
calibration-prior = prior, central 90 %
calibration-predictive-title = Posterior: { $calibrated } calibrated and { $emergent } emergent patterns agree with the record
calibration-of = { $part } of { $all }
calibration-predictive-caption = Median (point) and central 90 % (line) of draws, under the prior and weighted by the calibrated patterns (posterior); dark names: emergent patterns, which were not used
calibration-recovery-title = Planted values are found { $fits ->
    [yes] as often as stated
    [seldom] too seldom
   *[often] more often than stated
}: 90 % intervals hold { $share } of them
calibration-recovery-caption = { $trials } draws of the prior served as the known truth, published with the errors of the record; left: level bars if intervals are right (band: 95 % by chance); right: coverage of each parameter with its 95 % interval, dark if narrowed
calibration-places-axis = share of the posterior below the planted value
calibration-trials-axis = share of trials
calibration-order-axis = { $count } parameters, in order of coverage
calibration-coverage-axis = coverage of 90 % intervals

# Page

calibration-about = { $draws } draws, { $seeds } seeds each, by `{ $command }` (model { $model }, { $date }). The draws of the posterior that are emulated from them are worth **{ $effective } effective draws**.
calibration-families = Of the { $all } figures, those of one family of sources share a part of their error: { $families }. The other { $own } stand alone.
calibration-kinds = The same with each kind of figure left out in turn (its topic in conf/facts.csv):
calibration-shifted = { " " }`{ $name }` is shifted more than narrowed: nearly all of its variance is left.
calibration-left = { $shifted ->
    [none] {""}
   *[other] For these the posterior differs from the prior.{ $shifted }
}
calibration-stay = **No shift is shown for the other { $rest }**, so they stay at their prior: { $names }.
calibration-no-pairs = There are none.
calibration-verdicts = { $draws }: { $agrees } agrees, { $possible } possible, { $disagrees } disagrees
calibration-emergent = Of { $all } patterns, the emergent ones: { $counts }.{ $wrong ->
    [none] {""}
   *[other] { " " }Under the posterior these disagree: { $wrong }.
}
calibration-trials = { $all } draws served in turn as the known truth: one history of each was published with the errors of the record, a discrepancy among them, and the posterior was computed by emulators from the other draws (simulation-based calibration: Talts et al. 2018). { $count } trials count: their posterior is worth at least { $needed } effective draws, as the real one is. With fewer draws a 90 % interval is too narrow. The number of effective draws depends only on what was published, so leaving those trials out does not bias the coverage. Coverage of single parameters goes from { $lowest } to { $highest } %.
calibration-survives = Of { $all } conclusions: { $counts }.
