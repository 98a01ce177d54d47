# Consent (toestemming, inzage): who gives it, who takes it back, and who sees who gave it. What a recipient may then read
# stands with the recipient: employers in organization.polar, appraisers in appraiser.polar (INSIGHT-1, INSIGHT-2).

permit("professional", "give", "consent", "all", relations, assurance, "professional-gives-consent") if
    "self" in relations and assurance >= 2;

# Who is still applying can only be a citizen.
permit("citizen", "give", "consent", "all", relations, assurance, "citizen-gives-consent") if
    "self" in relations and assurance >= 2;

# Taking back asks for no stronger login than there is: it must be as easy as giving (GDPR article 7(3)).
permit("professional", "withdraw", "consent", "all", relations, _, "professional-withdraws-consent") if
    "self" in relations;

permit("citizen", "withdraw", "consent", "all", relations, _, "citizen-withdraws-consent") if
    "self" in relations;

permit("professional", "read", "consent", "all", relations, _, "professional-reads-own-consents") if
    "self" in relations;

permit("citizen", "read", "consent", "all", relations, _, "citizen-reads-own-consents") if
    "self" in relations;

# By name; with the e-mail address where that is what they consented to, and nothing else (INSIGHT-4).
permit("organization_member", "read", "insight", "names", relations, assurance, "member-reads-who-gave-insight") if
    "member" in relations and assurance >= 2;

permit("appraiser", "read", "insight", "names", relations, assurance, "appraiser-reads-who-gave-insight") if
    "self" in relations and assurance >= 2;
