# Draws beside published figures, in the studies of validation and calibration

range-published = published
range-widened = widened by its grade
multiple-axis = multiple of the published figure (log scale)
drawn-head = median [central 90 % of draws]

grade = { $grade }
    .A = measured
    .B = measured, less surely
    .B-minus = measured, weakly
    .C = judgement
    .D = derived
    .M = from memory

patterns = The model reproduces { $case ->
    [is_core] {""}
   *[other] for { $case }{" "}
}{ $agree } of { $count } published patterns to which nothing was tuned ({ $limits } of these { $agree } { $limits ->
    [one] is a limit only
   *[other] are limits only
}, which a model that does nothing would pass), reproduces { $perhaps } in some draws of the parameters only, and contradicts { $disagree }. The patterns rest on { $figures ->
    [one] { $figures } published figure
   *[other] { $figures } published figures
}. { $inside ->
    [one] { $inside } of those reproduced lies
   *[other] { $inside } of those reproduced lie
} in the published range before it is widened.
    .case = { $case } { $agree } of { $count } ({ $limits ->
    [one] { $limits } a limit
   *[other] { $limits } limits
} only), { $perhaps } in some draws only, { $disagree } contradicted
    .others = Other cases: { $cases }. All cases together rest on { $figures ->
    [one] { $figures } published figure
   *[other] { $figures } published figures
}.
    .perhaps = Reproduced in some draws only: { $patterns }.

pattern-gap = { $pattern }{ $tag ->
    [none] {""}
   *[other] {" "}({ $tag })
}: { $side ->
    [some] different in some draws of the model
   *[other] too { $side } in the model
}, { $drawn }; on record { $published }.{ $meaning ->
    [none] {""}
   *[other] {" "}{ $meaning }.
}
pattern-outside = { $pattern }: { $reason }.
pattern-mind = { $pattern }: { $disagrees ->
    [yes] the record already contradicts the model.
   *[no] a measurement outside of { $range }.
}
pattern-drawn = { $median } ({ $low } to { $high }){ $unit ->
    [none] {""}
   *[other] {" "}{ $unit }
}

rise = { $most ->
    [yes] Most
   *[no] Less than half
} of the growth of attacks in Iraq from 2018 to mid-2020 is put in by date: know-how and opportunity alone multiply them by { $dated }, men and money by { $lived }.
drawn-on = { $count } kinds of parameters are drawn: { $measured } rest on measurements, { $derived } are derived from measurements, and { $rest } rest on judgement or memory.
validation-source = { $command } (version { $version }, commit { $commit }, { $date }, { $replications } replications)
