# A claimed sum: words for sums, factors and verdicts

claim-usd = { $size ->
    [billion] { $number } billion USD
    [million] { $number } million USD
   *[other] { $number } USD
}
claim-money = { $sum } in { $rail }{ $origin ->
    [gifts] , as gifts
   *[other] {""}
}
claim-full = { $case ->
    [is_core] Claim
   *[other] Claim, case { $case }
}: { claim-money }{ $origin ->
    [gifts] {" "}to public campaigns
   *[other] {""}
}, { $since } to { $by }{ $others }
claim-times = { $case ->
    [unknown] not known
    [same] as probable
    [huge] more than a million times { $than } probable
   *[other] { $times } times { $than } probable
}
claim-shared = { $shared ->
    [yes] , if campaigns shared it equally
   *[no] {""}
}
claim-carried = { $effective ->
    [one] about 1 effective draw
   *[other] about { $effective } effective draws
}
claim-verdict = { $verdict ->
    [rejected] the record rejects it
    [hardly-compatible] it is hardly compatible with the record
    [the-record-is-silent] the record is silent
    [compatible] it is compatible with the record
   *[inconclusive] { $few ->
        [yes] inconclusive because too few draws carry the figures
       *[no] inconclusive
    }
}{ claim-shared }
claim-short = { $verdict ->
    [hardly-compatible] hardly compatible
    [the-record-is-silent] the record is silent
   *[other] { $verdict }
}{ claim-shared }

# Console

claim-main = { $Verdict }. All figures together are { $same ->
    [yes] as probable as
   *[no] { $factor } than
} without the money (95 % interval: { $interval }; { claim-carried }){ $strength ->
    [none] {""}
   *[other] : { $strength }
}.
claim-by-kind = By kind of figure: { $clauses }.
claim-kinds = { $verdict ->
    [rejected] rejected by { $names }
    [hardly-compatible] hardly compatible with { $names }
    [the-record-is-silent] the record is silent on { $names }
    [compatible] compatible with { $names }
   *[inconclusive] inconclusive from { $names }
}
claim-reading = { $Reading }: { claim-short } ({ $factor }; 95 % interval: { $interval }; { claim-carried }).
claim-conversion = By { $by }, { $converted } of the money was turned into cash, { $frozen } was frozen, { $left } was left (median and central 90 % of draws). Converting all of it on arrival requires { $needed } a week; { $rail } lets through { $limit } a week.
claim-limit = { $Reading }{ claim-shared }: { $case ->
    [few] no limit, because too few draws carry one ({ claim-carried }).
    [none] no sum up to { $largest } is most likely below 1/20 (95 % interval: { $interval }; { claim-carried }).
   *[found] most likely below 1/20 from { $from } on (95 % interval: { $interval }; { claim-carried }).
}
claim-more-than = more than { $sum }
claim-or-less = { $sum } or less
claim-grid = Bayes factors: probability of the published figures with the money over that without (95 % interval)
claim-together = together, { $reading }
claim-about-factors = Factors compare runs with and without the money on common random numbers. Parameters are drawn from { $drawn }; the rules of the model are held. A claim is rejected if the interval lies below 1/20, and hardly compatible if below 1/3. It is compatible if the interval lies above 1/3 and the factor above 3.
claim-about-silence = The record is silent if the interval lies between 1/3 and 3: published figures would look the same with and without the money. All else is inconclusive. So is any factor that fewer than { $draws } draws carry: the interval ignores draws that were not made. replications=N makes more draws.
claim-about-draws = { $histories } histories of { $made } draws. Effective: number of draws that carry the factor (Kish 1965).
claim-about-gifts = If campaigns shared it equally: each public campaign is held to have raised an equal part of the sum. Nothing tells how it was shared; the record allows one campaign more than most of them.

# Figures

claim-title = { claim-money }: { claim-short }
claim-over-time-title = { $What }, { $quarter }: { $with } with { $sum }, { $without } without, { $published } published
claim-over-time-none = { claim-money }: no published figure to compare with
claim-factors-caption = Bayes factor (log scale) of the published figures with the money over without, on common random numbers; line: 95 % interval over { $draws } draws; hollow: fewer than { $enough } draws carry it; arrows: beyond the axis
claim-over-time-caption = Line and band: median and central 90 % of { $draws } draws, not weighted by the record; figures of a year are shared among its quarters; the money comes between the dotted lines
claim-axis = claimed sum, USD (log scale)
claim-panel-group = By kind of figure
claim-panel-reading = All figures together
claim-asked = claimed sum
claim-with = with { $sum }
claim-without = without
claim-published = published
