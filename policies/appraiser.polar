# An appraiser (gespreksleider): leads the talk of a cycle. The portfolio is its owner's: the appraiser reads it while the owner
# consents to it and the cycle lasts, and never by one of both alone (INSIGHT-2, INSIGHT-3).

permit("appraiser", "open", "register", "front", _, _, "appraiser-opens-register");

permit("appraiser", "read", "identity", "all", relations, _, "appraiser-reads-own-identity") if
    "self" in relations;

permit("appraiser", "read", "portfolio", "all", relations, assurance, "appraiser-reads-portfolio-with-consent") if
    "appraises" in relations and "consent:appraisal" in relations and assurance >= 2;
