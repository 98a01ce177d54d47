# A professional with a registration (zorgverlener, specialist): their own dossier.

permit("professional", "open", "register", "front", _, _, "professional-opens-register");

permit("professional", "read", "identity", "all", relations, _, "professional-reads-own-identity") if
    "self" in relations;

permit("professional", "read", "dossier", "administrative", relations, assurance, "professional-reads-own-dossier") if
    "self" in relations and assurance >= 2;

permit("professional", "write", "dossier", "remarks", relations, assurance, "professional-remarks-on-own-dossier") if
    "self" in relations and assurance >= 2;
