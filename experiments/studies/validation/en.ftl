# Console

validation-outside = { $pattern }: { $verdict }; { $reason }
validation-all = all: agree / in some draws / disagree
validation-emergent = emergent
validation-limit = limits only, emergent
validation-figures = published figures, emergent
validation-direction = direction of change, emergent
validation-growth = Growth of the attack rate in Iraq, 2018 to second quarter of 2020 (log points), by part
validation-about = { $summary } { $draws } draws of the parameters. From `{ $source }`.

# Page of the cases

case-cut = Outcomes calibrate it up to { $cut }{ $cuts }. Files: `conf/group/{ $file }.yaml`, `conf/case/{ $file }.yaml`.
case-sets = **What sets it.** Facts that its group and its theatres name, and figures that calibrate it:
case-put-in = **What is put in by date after the cut.**
case-judged = **What judges it.** Emergent patterns, to which nothing was tuned, are in bold:
case-unknown = **What is not known.**

# Figure

validation-title = { $case ->
    [is_core] {""}
   *[other] { $case }:{" "}
}{ $shortage ->
    [draws] { $count } draws are too few for a verdict on { $all } emergent patterns
    [seeds] { $count } seeds are too few for a verdict on { $all } emergent patterns
   *[none] { $agree } of { $all } emergent patterns agree with the record, { $possible } may agree, { $disagree } disagree
}
validation-caption = Median (point) and central 90 % (line) of draws of the parameters; dark names: emergent patterns, to which nothing was tuned; grey names: built in, calibrated or controls; patterns that are neither a multiple nor an effect are in the table alone
validation-effect-axis = effect on attack capacity, %
