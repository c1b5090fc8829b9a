inspiration-heading = { $part ->
    [families] Change of the attack rate at full strength with the loop on, against the status quo with common random numbers
    [answers] Money first, inspiration later? (Kiser 2004)
    [core] Core and network: change of the attack rate by counter-messaging
    [loop] What the loop adds: effect with the loop on minus effect with the loop cut
    [inspired] Inspired attacks abroad, means
    [prices] A averts more than B for the money if its unit cost is below this multiple of that of B; USD: the cost of A or B at which both avert as much
    [costs] Cost of the staff of each family at full strength
   *[order] What the order depends on
}
inspiration-window-26-weeks = in the first 26 weeks
inspiration-window-52-weeks = in the first 52 weeks
inspiration-window-5-years = over five years
inspiration-window-fifth-year = in the fifth year

inspiration-draws = { $draws } draws of the parameters.
inspiration-few = { why-inconclusive }.
inspiration-idle = In { $group }, no change at all, because these policies cannot act there: { $policies }.

# Effects

inspiration-effect = In { $group }, { $when }, { effect }.
inspiration-largest =
    In { $group }, { $when }, attacks fall most with { $policy }, { $effect } by the median draw: { $verdict ->
    [lowers] the fall is shown ({ ends })
    [raises] the rise is shown ({ ends })
    [depends] it depends on { on-what } ({ ends })
    [negligible] negligible ({ ends })
   *[inconclusive] inconclusive, { why-inconclusive }
}.
inspiration-inspired = In { $group }, { $when }, { effect }; without a policy { $base }.
inspiration-apart = In { $group }, { $when }, { $verdict ->
    [lowers] the network falls by { $size } more than the core ({ ends })
    [raises] the core falls by { $size } more than the network ({ ends })
    [depends] core or network falls more, depending on { on-what }: { $effect } ({ ends })
    [negligible] core and network differ by a negligible { $effect } ({ ends })
   *[inconclusive] it is inconclusive whether core or network falls more: { why-inconclusive }
}.
inspiration-loop = In { $group }, { $when }, { $verdict ->
    [lowers] the loop deepens the fall of attacks with { $policy } by { $size } ({ ends })
    [raises] the loop weakens the fall of attacks with { $policy } by { $size } ({ ends })
    [depends] the addition of the loop to the effect of { $policy } depends on { on-what }: { $effect } ({ ends })
    [negligible] the loop adds a negligible { $effect } to the effect of { $policy } ({ ends })
   *[inconclusive] the addition of the loop to the effect of { $policy } is inconclusive: { why-inconclusive }
}.
    .item = { $policy } in { $group }
    .count = { $first ->
        [yes] the addition of the loop is
       *[no] it is
    }
    .title = { $verdict ->
        [lowers] the loop deepens the fall of attacks with { $names }
        [raises] the loop weakens the fall of attacks with { $names }
        [depends] { inspiration-loop.count } of either sign, depending on { on-what }, in { $count }
        [negligible] { inspiration-loop.count } negligible in { $count }
       *[inconclusive] { inspiration-loop.count } inconclusive in { $count }
    }
    .caption = Policies at full strength minus the status quo, attack rate { $when } after the start of the policies. Loop:
        attacks, publicity, sympathy, people and money, attacks. The title is on the difference of both, on common random
        numbers. { $sample }
inspiration-windows =
    .item = { $verdict ->
        [lowers] { $policy } in the { $part } of { $group } ({ $effect }{ counted.title })
        [depends] { $policy } in the { $part } of { $group } ({ $effect }{ counted.title })
       *[other] the { $part } of { $group }
    }
    .title = { $verdict ->
        [lowers] { $when }, attacks fall most with { $names }
        [depends] { $when }, whether attacks fall depends on { on-what }: most with { $names }
        [negligible] every family alone has a negligible effect on attacks in { $names }
       *[inconclusive] no family alone is shown to lower attacks in { $names }
    }
    .caption = Policies at full strength minus the status quo, attack rate of core and of network, means over weeks from
        the start of the policies; the loop is on. { $sample }
    .beside = change of the attack rate, %

# The order

inspiration-summary =
    Counter-messaging leaves fewer attacks than { $rival }, in the first 52 weeks and in the fifth year, in
    { $shares } of draws.
inspiration-share = { $soon } and { $late } ({ $group })
inspiration-order = In { $group }, { $order ->
    [raises-lowers] { $rival } is more effective early and counter-messaging late{ $kiser ->
        [yes] , as Kiser found
       *[no] { "" }
    }
    [lowers-raises] counter-messaging is more effective early and { $rival } late{ $kiser ->
        [yes] , the reverse of what Kiser found
       *[no] { "" }
    }
    [lowers-lowers] counter-messaging is more effective throughout
    [raises-raises] { $rival } is more effective throughout
    [negligible-negligible] the difference is negligible, soon and late
    [depends-depends] the order of counter-messaging and { $rival } depends on the parameters, soon and late
    [inconclusive-inconclusive] the order of counter-messaging and { $rival } is inconclusive
   *[mixed] the order of counter-messaging and { $rival } is shown in one of the two windows at most
}. Share of draws in which { $rival } leads early and counter-messaging late: { $turns }; the reverse: { $back }.
inspiration-difference = In { $group }, { $when }, { $verdict ->
    [lowers] counter-messaging leaves fewer attacks than { $rival }, by { $size } ({ ends })
    [raises] counter-messaging leaves more attacks than { $rival }, by { $size } ({ ends })
    [depends] counter-messaging leaves { $tallied ->
        [yes] more attacks than { $rival } in { $higher } of { $counted } draws and fewer in { $lower }
       *[no] fewer or more attacks than { $rival }
    }: it depends on { on-what }, { $effect } ({ $interval })
    [negligible] counter-messaging and { $rival } differ by a negligible { $effect } ({ ends })
   *[inconclusive] the difference between counter-messaging and { $rival } is inconclusive, { $effect } by the median draw: { why-inconclusive }
}.
# Prices and parameters

inspiration-ratio = { $shown ->
    [no] No family is shown to avert attacks alone, so there is no ratio.
   *[yes]
        The interval of a ratio is that of two means over draws, and more draws would narrow it; other intervals are
        95 % uncertainty intervals. The verdict is on the attacks that A averts, over draws. With depends or
        inconclusive, a few draws may carry the mean, and the ratio gives no order. Harm is not weighed; that of force and of
        counter-messaging is not modelled.
}

inspiration-order-depends = In { $group }, { $when }, the order of counter-messaging and { $rival } depends { $count ->
    [0] on no single parameter more than chance would have it
   *[other] most on { $names }
}.
inspiration-driver = { $name } ({ $direction ->
    [product] adds { $added }
   *[other] { $share } alone, { $share_low } to { $share_high }{ $order ->
        [1] { "" }
       *[other] ; adds { $added }
    }; { $direction ->
        [larger] the larger, the better for the other policy
        [smaller] the smaller, the better for the other policy
       *[none] no direction is shown
    }
})
inspiration-order-note =
    Shares are of the variance of the difference's rank, out of sample, with 95 % intervals. A parameter is named if
    that interval leaves out zero and it explains more of what those before it leave than the largest of all does in
    99 % of permutations; it has a direction if its rank correlation with the difference is other than zero at 5 %.
    Parameters that cannot act, of policies in neither of the two, and what the group chooses are left out. { $draws
    } draws are a hint and no proof: they show strong parameters alone, and few points of a Sobol sequence let one
    parameter stand for others.

# The basis

inspiration-finance = Counter-finance: { $policies }.
inspiration-not-asked = Not asked in this study: { $policies }.
inspiration-judgement = The effect of a policy at full strength is judgement, not measurement; { $held ->
    [yes] held here.
   *[no] drawn from { $ranges }.
}
inspiration-staff =
    Staff-weeks a week at full strength differ ({ $staff }), and no source gives the cost of a policy beyond that of
    staff: equal strength is not equal cost.
inspiration-reading =
    Median: half of the draws lie on either side. Intervals: 95 % uncertainty intervals over draws from { $drawn }.
    Nothing that happened after the start of the policies is put in: the fifth year is the outcome of the rules alone.
