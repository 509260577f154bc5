"""The fictional force that `peelian demo` writes: Heartshire Police. Everything follows from one seed and today's date.

`geography` makes the ground, `people` the members, `staff` the teams, `alerts` a year of messages and what came back,
`threads` the replies, `waiting` what nobody has answered yet, `joining` the campaigns, `groups` whom a team knows,
`residents` who lives there, `crime` two years of it, `insight` what its jobs count, `outreach` where officers went;
`words` and `names` hold the texts, `writing` the fast way into the tables.
"""
