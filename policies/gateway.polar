# The one entry: its form. Every decision of the gateway, and of its own pages, asks `permit` and nothing else, and every
# rule in the other files is a `permit`.
#
#   capacity   as what the person acts: citizen, professional, mandate_holder, organization_member, .., or anyone
#   action, resource, fields
#              what they want; operations.txt has them all
#   relations  what ties them to whom or what it is about, today: "self", "mandate:administrative", "right:reporting", ..
#   assurance  how surely they logged in: 1 low, 2 substantial, 3 high
#   rule       the answer: the name of the rule that allows it, for the audit log
#
# Denied by default: nothing is allowed but what a `permit` says. No rule forbids, so no order of rules matters and a
# rule can be read by itself.
#
# Before this is asked, the gateway has seen to what no rule can undo:
# - tenants: the relations are facts of one tenant, of the person who acts, about whom the request is about;
#   what was learnt of another tenant or another person is not among them (src/policy/question.rs);
# - validity: what has ended, or was not accepted, is no relation (src/policy/fact.rs);
# - hiding: with no relation at all with the person or organization that is named, nothing is asked and the answer is
#   404 (src/policy/decision.rs).
#
# What a rule may contain is checked when it is loaded (src/policy/admission.rs): no recursion, no loops, few branches;
# so that a decision takes microseconds whatever is written here.

type permit(capacity, action, resource, fields, relations, assurance, rule);
