# For a mandator, under the mandate that was chosen (MANDATE-1, PROFILE-3). A scope gives what stands here and no more.

permit("mandate_holder", "open", "register", "front", _, _, "mandate-holder-opens-register");

permit("mandate_holder", "read", "identity", "all", relations, _, "mandate-holder-reads-mandators-identity") if
    "mandate:administrative" in relations;

permit("mandate_holder", "read", "dossier", "administrative", relations, assurance, "mandate-holder-reads-dossier") if
    "mandate:administrative" in relations and assurance >= 2;

permit("mandate_holder", "write", "dossier", "remarks", relations, assurance, "mandate-holder-remarks-on-dossier") if
    "mandate:administrative" in relations and assurance >= 2;

# Only those who gave this holder a mandate can be found; that is the search's own doing.
permit("mandate_holder", "search", "mandators", "all", relations, assurance, "holder-searches-own-mandators") if
    "self" in relations and assurance >= 2;

permit("mandate_holder", "search", "mandators", "all", relations, assurance, "representative-searches-mandators") if
    "representative" in relations and assurance >= 2;
