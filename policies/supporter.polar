# A supporter (ondersteuner) prepares for the trainer they support, about that trainer's trainees, and decides nothing
# (PROFILE-7).

permit("supporter", "open", "register", "front", _, _, "supporter-opens-register");

permit("supporter", "read", "identity", "all", relations, _, "supporter-reads-own-identity") if
    "self" in relations;

permit("supporter", "read", "training_plan", "all", relations, _, "supporter-reads-trainees-plan") if
    "supports_trainer" in relations;

permit("supporter", "prepare", "training_plan", "change", relations, _, "supporter-prepares-changed-plan") if
    "supports_trainer" in relations;
