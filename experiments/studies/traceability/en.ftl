traceability-never = Freezing costs less than { $margin }% of attack capacity even if every transfer were traced, in at least 95% of
    draws, given what can be stopped: { $pairs }. There, how well the coin is traced cannot matter through freezing.
traceability-can = { $coin }, { $group }: links freeze { $margin }% of attack capacity at some link in { $can_matter } of draws
    (from link { $threshold } on, { $low } to { $high } over these draws), and at its own link in { $matters }.
traceability-map = The map: medians over draws; change of attack capacity by what links freeze, per cent, at its own link and at link 1; share of draws in which some link, and its own, costs { $margin }% or more
traceability-kept = { $group }, { $arm }: by the law, freezing and the time to cash included, capacity is as without the switch if
    campaigns keep { $threshold } of their gifts ({ $threshold-low } to { $threshold-high } over draws). They keep { $kept } (median). { $beyond ->
        [0] In no draw does capacity change by more than { $margin }% in runs.
       *[other] Where it changes by more than { $margin }% in runs ({ $beyond } of { $draws } draws), the law has the sign right in { $same-sign }.
    }
traceability-switch = The switch by the law and in runs: medians over draws; share of their gifts that campaigns keep, the share at which capacity does not change, with its interval over draws; share of usable income from campaigns; shares of campaign gifts frozen or not yet cash, before and after; change of capacity in runs and by the law, per cent; their correlation
traceability-law = Runs beside the law, whose arguments are those at link 0: share frozen, and change of capacity (freezing: without fear and arrests, which the law is about; monero: the first year after the switch, before the steady state of the law)
traceability-roads = What a link does against link 0 (bitcoin: no switch; monero: full switch), attack capacity in per cent; beside it gifts to campaigns in per cent, share frozen, arrests a year: medians; { $weeks }
traceability-road = { $coin }, { $group }, from link 0 to { $link }: attack capacity changes by { $default } (median), by { $unheard } without
    fear and by { $freezing } through freezing alone; by more than { $margin }% in { $beyond } of draws. It is negligible in
    { $negligible } of { $structures } structures.
traceability-map-title = What links freeze costs { $margin }% of attack capacity in { $most ->
    [none] no draw of any group and coin
   *[some] at most { $share } of draws ({ $coin }, { $group })
}
traceability-point = { $kind ->
    [never] no link costs { $margin }%
    [could] a higher link would
    [does] its link does
    [line] turning line: link at which the loss is { $margin }%, median of draws that have one, and their interval
   *[bound] if all income came by it and all could be stopped
}
traceability-link = link: chance that a transfer is traced
traceability-gifts = gifts a week to one wallet
traceability-roads-title = Tracing every transfer changes capacity by { $bitcoin } in bitcoin and { $monero } in Monero, by freezing alone { $bitcoin-freezing } and { $monero-freezing }
traceability-panel = { $coin }: { $outcome ->
    [capacity] attack capacity, %
    [campaign_given] gifts to campaigns, %
    [frozen_share] share frozen
   *[arrests] arrests a year
}
