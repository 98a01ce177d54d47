# A trainee (aios): sees their own training plan, and changes nothing in it.

permit("trainee", "open", "register", "front", _, _, "trainee-opens-register");

permit("trainee", "read", "identity", "all", relations, _, "trainee-reads-own-identity") if
    "self" in relations;

permit("trainee", "read", "training_plan", "all", relations, _, "trainee-reads-own-plan") if
    "self" in relations;
