# Les textes de toutes les pages en français (langage clair, niveau B1, vouvoiement).

## Dates
date = { $day ->
    [1] 1er { $month } { $year }
   *[other] { $day } { $month } { $year }
}
date-time = { $date } à { $time }
until = Jusqu'au { $date } inclus
without-end = Sans date de fin
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre

## What surrounds every page
page-title-problems = { $count ->
    [one] Erreur :
   *[other] { $count } erreurs :
}
skip-to-main = Aller au contenu
language-switch = Choisir la langue
person-region = Votre compte
person-signed-in = Connecté en tant que { $name }
person-unnamed = (nom pas encore connu)
person-account = Mon compte
person-log-out = Se déconnecter
acting-region = Pour qui vous agissez
acting-for = Vous agissez pour { $name }
acting-for-registered = Vous agissez pour { $name } ({ $registration })
acting-mandate = Mandat : { $scope }.
acting-mandate-until = Mandat : { $scope }, jusqu'au { $until } inclus.
acting-holder = Vous le faites au nom de { $holder }.
acting-within = Vous agissez au sein de l'organisation { $name }
acting-back-to-self = Revenir à vous-même
problems-title = Il y a un problème
problem-prefix = Erreur :
help-title = Besoin d'aide ?
reference-help = Vous n'y arrivez pas ? Contactez { $help } et donnez le numéro de référence.
reference-phone = Téléphone
reference-email = E-mail
reference-label = Numéro de référence
session-ends-at = Si vous ne faites rien, votre session se termine à { $time }.
session-warning-title = Votre session va bientôt se terminer
session-warning-text = Vous n'avez rien fait depuis un certain temps. Pour votre sécurité, nous vous déconnecterons dans 2 minutes. Voulez-vous continuer ?
session-warning-extend = Oui, rester connecté
session-ended-text = Vous avez été déconnecté parce que vous n'avez rien fait pendant un certain temps. Après vous être reconnecté, vous reviendrez à cette page.
session-ended-log-in = Se reconnecter

## Capacities
capacity-citizen = Citoyen
capacity-professional = Professionnel de la santé
capacity-mandate-holder = Mandataire
capacity-organization-member = Membre d'une organisation
capacity-access-manager = Gestionnaire d'accès
capacity-chief-access-manager = Gestionnaire d’accès principal
capacity-supporter = Assistant
capacity-appraiser = Conseiller d'évaluation
capacity-trainer = Maître de stage
capacity-trainee = Médecin en formation
capacity-helpdesk = Collaborateur du service d'assistance
capacity-anyone = Tout le monde
role-director = directeur
role-person-responsible = personne responsable
role-certificate-manager = gestionnaire du certificat eHealth
registration-nihdi = INAMI
registration-number = numéro d’enregistrement
managers-ask = Demandez-le à un gestionnaire d'accès :
managers-unknown = Demandez dans votre organisation qui est le gestionnaire d'accès. Cette personne peut donner le droit.

## Choosing a key
login-for = Se connecter à { $register }
login-title = Choisissez votre clé numérique pour vous connecter
login-step = Étape { $step } sur { $of }
login-more-assurance = Ces données demandent une clé numérique plus forte. Connectez-vous avec l'une des clés ci-dessous. Vous reprendrez ensuite là où vous étiez.
login-session-ended = Votre session est terminée. Connectez-vous à nouveau. Vous continuerez ensuite là où vous étiez.
login-app-set-up = Votre application d’authentification est configurée. Connectez-vous maintenant avec votre mot de passe et un nouveau code de l’application.
login-group-partner = eID ou clés numériques de partenaires reconnus
login-group-code = Clés numériques avec code de sécurité et nom d'utilisateur + mot de passe
login-group-european = Authentification européenne
login-group-passkey = Clé d’accès (passkey)
login-key-email-code = Code de sécurité par e-mail
login-key-email-code-hint = Avec votre nom d'utilisateur, votre mot de passe et un code que nous vous envoyons par e-mail
login-key-totp = Code de sécurité par application mobile
login-key-totp-hint = Avec votre nom d'utilisateur, votre mot de passe et un code de votre application d'authentification
login-key-passkey = Se connecter avec une clé d’accès
login-key-passkey-hint = Sans mot de passe : avec votre empreinte, votre visage ou le code de votre appareil
login-key-password-passkey = Mot de passe et clé d’accès
login-key-password-passkey-hint = Avec votre nom d’utilisateur, votre mot de passe et une clé d’accès
login-key-recovery-code = Code de secours
login-key-recovery-code-hint = Si vous avez perdu votre application ou votre clé d’accès : avec votre nom d’utilisateur, votre mot de passe et un code de secours
login-key-itsme = itsme
login-key-itsme-hint = Avec l'application itsme sur votre téléphone
login-key-digid = DigiD
login-key-digid-hint = Avec votre DigiD néerlandais, par exemple avec l'application DigiD
login-key-eherkenning = eHerkenning
login-key-eherkenning-hint = Pour votre organisation, avec l'eHerkenning de votre travail
login-key-fas = CSAM
login-key-fas-hint = Par l'administration fédérale : avec votre carte eID ou une autre clé
login-key-openid = Un autre fournisseur
login-key-openid-hint = Vous vous identifiez sur le site de ce fournisseur et revenez ici
login-key-card = Lecteur de carte eID
login-key-card-hint = Avec votre carte d'identité, un lecteur de carte et votre code PIN
login-key-card-certificate = eID sans extension
login-key-card-certificate-hint = Votre navigateur lit lui-même le certificat de votre carte
login-key-out-of-order = Ne fonctionne pas pour le moment. Choisissez une autre clé, ou réessayez dans une minute.
login-no-key-title = Vous n'avez aucune de ces clés ?
login-no-key-text = Contactez le service d'assistance. Ses coordonnées se trouvent au bas de cette page.
login-other-key = Choisir une autre clé
login-cancel = Annuler la connexion

## User name and password
password-title = Se connecter avec un nom d'utilisateur et un mot de passe
password-then-email-code = Nous vous enverrons ensuite un code de sécurité par e-mail.
password-then-totp = Nous vous demanderons ensuite un code de sécurité de votre application mobile.
password-then-passkey = Ensuite, nous vous demanderons votre clé d’accès.
password-then-recovery-code = Ensuite, nous vous demanderons un code de secours.
password-user-name = Nom d'utilisateur
password-user-name-hint = C'est votre adresse e-mail, par exemple nom@exemple.be
password-user-name-number = C'est votre numéro d'enregistrement. Votre adresse e-mail convient aussi
password-password = Mot de passe
password-forgotten = Mot de passe oublié ?
password-submit = Suivant
password-user-name-missing = Remplissez votre nom d'utilisateur
password-missing = Remplissez votre mot de passe
password-not-after-mail-reset = Vous avez changé votre mot de passe avec un lien reçu par e-mail. Vous ne pouvez donc pas vous connecter maintenant avec un code par e-mail. Choisissez le code d’une application mobile, ou contactez l’assistance.
password-not-recognised = La connexion a échoué. Vérifiez votre nom d'utilisateur et votre mot de passe
password-too-often = Après quelques essais manqués, vous devez attendre { $minutes } minutes. Nous vous envoyons alors un e-mail à ce sujet.

## Codes
code-label = Code de sécurité
code-hint = { $digits } chiffres. Les espaces sont permis.
code-submit = Se connecter
code-missing = Remplissez le code de sécurité de { $digits } chiffres
code-too-short = Le code est trop court. Un code a { $digits } chiffres
code-too-long = Le code est trop long. Un code a { $digits } chiffres
code-not-digits = Un code ne contient que des chiffres. Remplissez les { $digits } chiffres
code-wrong-email = Ce code n'est pas correct. Utilisez le code du dernier e-mail
code-wrong-app = Ce code n'est pas correct. Utilisez le code que votre application affiche maintenant
code-expired = Ce code n'est plus valable. Demandez un nouveau code
totp-title = Remplissez le code de votre application
totp-lead = Ouvrez l'application d'authentification sur votre téléphone. Remplissez le code qu'elle affiche pour ce compte.
totp-trouble-title = Le code ne fonctionne pas
totp-trouble-clock = Vérifiez que l'horloge de votre téléphone se règle automatiquement. Attendez un nouveau code et réessayez.
totp-trouble-lost = Vous n'avez pas votre téléphone sous la main ? Choisissez une autre clé. Vous avez perdu votre téléphone ? Contactez le service d'assistance.
email-code-title = Remplissez le code reçu par e-mail
email-code-lead = Nous avons envoyé un e-mail avec un code de sécurité à l'adresse liée à votre compte.
email-code-valid = { $minutes ->
    [one] Le code est valable { $minutes } minute.
   *[other] Le code est valable { $minutes } minutes.
}
email-code-sent-again = Nous vous avons envoyé un nouveau code.
email-code-too-soon = Aucun nouveau code n'a encore été envoyé. Vous pourrez en demander un dans { $seconds } secondes. Le code que vous avez déjà reçu fonctionne encore.
email-code-not-received = Pas reçu de code ?
email-code-not-received-text = Un e-mail peut mettre quelques minutes à arriver. Regardez aussi dans le dossier des courriers indésirables.
email-code-wait = { $seconds ->
    [one] Dans { $seconds } seconde, vous pourrez demander un nouveau code.
   *[other] Dans { $seconds } secondes, vous pourrez demander un nouveau code.
}
email-code-send-again = Envoyer un nouveau code

## The identity card
card-title = Se connecter avec votre carte eID
card-lead = Insérez votre carte d'identité dans le lecteur. Le programme Web eID vous demande ensuite votre code PIN.
card-use = Me connecter avec ma carte
card-without-script = Pour votre carte, votre navigateur a besoin de JavaScript et de l'extension Web eID. Activez JavaScript, ou choisissez une autre clé.
card-wait = Suivez les instructions dans la fenêtre de Web eID : la carte dans le lecteur, puis votre code PIN.
card-no-extension = Votre navigateur n'a pas l'extension Web eID, ou elle est désactivée. Installez-la, rechargez cette page, ou choisissez une autre clé.
card-no-program = L'extension est là, mais le programme Web eID n'est pas sur votre ordinateur. Installez-le et réessayez.
card-old = Votre Web eID est trop ancien pour cette page. Mettez à jour l'extension et le programme, puis réessayez.
card-cancelled = Vous avez arrêté, ou il n'y avait pas de carte dans le lecteur. Vous pouvez réessayer.
card-late = Cela a duré trop longtemps. Gardez votre carte et votre code PIN à portée de main et réessayez.
card-pending = Web eID est encore occupé dans une autre fenêtre. Fermez-la d'abord.
card-insecure = Cette page n'a pas été ouverte de façon sécurisée, et une carte ne fonctionne pas ainsi. Ouvrez-la avec https.
card-failed = Votre carte n'a pas pu être lue. Est-elle bien dans le lecteur ? Après trois codes PIN erronés, le code est bloqué : votre commune vous en donne un nouveau.
card-need-title = De quoi avez-vous besoin ?
card-need-reader = Votre carte d'identité belge ou votre carte d'étranger, valable, et un lecteur de carte relié à votre ordinateur.
card-need-extension = L'extension et le programme Web eID, gratuits, pour Chrome, Edge, Firefox et Safari :
card-need-pin = Le code PIN de votre carte. L'avez-vous oublié ? Demandez-en un nouveau à votre commune.

## Passkeys and recovery codes
passkey-title = Utilisez votre clé d’accès
passkey-lead = Votre navigateur vous demande votre clé d’accès. Vous confirmez avec votre empreinte, votre visage ou le code de votre appareil.
passkey-use = Utiliser la clé d’accès
passkey-without-script = Pour une clé d’accès, votre navigateur a besoin de JavaScript et d’une version qui connaît les clés d’accès. Activez JavaScript, mettez votre navigateur à jour ou utilisez autre chose pour vous connecter.
passkey-wait = Suivez les instructions de votre navigateur.
passkey-failed = Cela n’a pas réussi. Vous avez annulé, cela a duré trop longtemps, ou cet appareil n’a pas de clé d’accès pour ce site. Réessayez.
passkey-known = Cet appareil a déjà une clé d’accès pour votre compte.
passkey-missing = Aucune clé d’accès n’a été utilisée : votre navigateur a besoin de JavaScript
passkey-not-recognised = La connexion avec cette clé d’accès n’a pas réussi. Réessayez ou choisissez une autre clé
passkey-trouble-title = Vous n’avez pas de clé d’accès ?
passkey-trouble-none = Vous créez une clé d’accès sur la page de votre compte, sous Vos moyens de connexion. Connectez-vous d’abord avec une autre clé.
passkey-trouble-lost = Vous avez perdu l’appareil avec votre clé d’accès ? Choisissez une autre clé et supprimez la clé d’accès sur la page de votre compte.
recovery-code-title = Saisissez un code de secours
recovery-code-lead = Utilisez un des codes de secours que vous avez conservés. Chaque code fonctionne une fois.
recovery-code-label = Code de secours
recovery-code-hint = 16 lettres et chiffres, par exemple 8H2K-9QXA-77TM-0ZWE
recovery-code-missing = Saisissez un code de secours
recovery-code-malformed = Un code de secours a 16 lettres et chiffres. Vérifiez ce que vous avez saisi
recovery-code-wrong = Ce code de secours ne fonctionne pas. L’avez-vous déjà utilisé ? Prenez-en un autre

## What one logs in with
app-title = Configurer une application d’authentification
app-lead = Avec une application d’authentification sur votre téléphone, vous vous connectez plus sûrement qu’avec un code par e-mail.
app-lead-first = C’est la première fois que vous vous connectez. Configurez une application d’authentification : elle prouvera désormais que c’est vous.
app-lead-replaces = La nouvelle application remplace celle que vous avez maintenant. Celle-ci ne fonctionnera plus ensuite.
app-step-install = Ouvrez une application d’authentification sur votre téléphone, ou installez-en une.
app-step-scan = Scannez cette image avec l’application.
app-step-code = Saisissez ci-dessous le code que l’application affiche.
app-picture = Code QR pour votre application d’authentification
app-by-hand = Vous n’arrivez pas à scanner ?
app-by-hand-text = Choisissez la saisie manuelle dans l’application et recopiez cette clé :
app-submit = Configurer l’application
factors-title = Vos moyens de connexion
factors-lead = Vous voyez et changez ici ce avec quoi vous vous connectez. Nous vous envoyons un e-mail à chaque changement.
factors-back = Retour
factors-to-account = Vers votre compte
factors-confirm-text = Avant de changer quelque chose, nous vous demandons de vous reconnecter avec le meilleur moyen que vous avez. Ainsi, personne ne peut le faire à votre place.
factors-confirm = Se reconnecter pour changer
factors-password = Mot de passe
factors-password-text = Vous avez un mot de passe.
factors-password-change = Choisir un nouveau mot de passe
factors-password-none = Vous n’avez pas de mot de passe.
factors-password-choose = Choisir un mot de passe
factors-email = Code par e-mail
factors-email-text = Après votre mot de passe, nous pouvons vous envoyer un code à l’adresse de votre compte.
factors-email-not-now = Vous avez choisi votre mot de passe par un lien dans un e-mail. Un code par e-mail ne compte donc pas maintenant comme deuxième étape.
factors-app = Application d’authentification
factors-app-there = Une application d’authentification est configurée.
factors-app-none = Aucune application d’authentification n’est encore configurée.
factors-app-add = Configurer une application
factors-app-replace = Configurer une autre application
factors-app-remove = Supprimer l’application
factors-passkeys = Clés d’accès (passkeys)
factors-passkeys-text = Avec une clé d’accès, vous confirmez avec votre empreinte, votre visage ou le code de votre appareil.
factors-passkey-added = Ajoutée le { $when }
factors-passkey-used = Utilisée en dernier le { $when }
factors-passkey-unused = Pas encore utilisée
factors-passkey-change = Modifier
factors-passkey-change-named = Modifier : { $name }
factors-passkey-name = Nom de la clé d’accès
factors-passkey-name-hint = Pour la reconnaître, par exemple : téléphone. 40 caractères au plus.
factors-passkey-name-problem = Donnez à la clé d’accès un nom de 40 caractères au plus
factors-passkey-not-usable = Cette clé d’accès ne peut pas être utilisée ici. Réessayez, ou avec un autre appareil
factors-passkey-rename = Enregistrer le nom
factors-passkey-remove = Supprimer la clé d’accès
factors-passkey-remove-named = Supprimer la clé d’accès : { $name }
factors-passkey-add = Ajouter une clé d’accès
factors-recovery = Codes de secours
factors-recovery-text = Avec un code de secours et votre mot de passe, vous vous connectez si vous avez perdu votre application ou votre clé d’accès. Chaque code fonctionne une fois.
factors-recovery-left = { $count ->
    [0] Vous n’avez pas de codes de secours.
    [one] Il vous reste 1 code de secours.
   *[other] Il vous reste { $count } codes de secours.
}
factors-recovery-make = Créer de nouveaux codes de secours
factors-recovery-replaces = Vous créez de nouveaux codes ? Les anciens ne fonctionneront plus.
factors-last = C’est votre dernier moyen de connexion. Ajoutez d’abord autre chose
factors-done-app-added = Votre application d’authentification est configurée.
factors-done-app-removed = L’application d’authentification a été supprimée.
factors-done-passkey-added = La clé d’accès a été ajoutée.
factors-done-passkey-renamed = Le nom a été enregistré.
factors-done-passkey-removed = La clé d’accès a été supprimée.
recovery-codes-title = Vos codes de secours
recovery-codes-lead = Imprimez ces codes ou notez-les. Nous ne les montrons qu’une seule fois.
recovery-codes-keep = Gardez-les en lieu sûr, et pas avec votre mot de passe. Chaque code fonctionne une fois.
recovery-codes-kept = J’ai conservé les codes

## Forgotten password
forgotten-title = Mot de passe oublié
forgotten-lead = Remplissez votre nom d'utilisateur. Nous vous enverrons un e-mail avec un lien pour choisir un nouveau mot de passe.
forgotten-submit = Envoyer le lien
forgotten-back = Retour à la connexion
forgotten-missing = Remplissez votre nom d'utilisateur
forgotten-not-an-address = Un nom d'utilisateur est une adresse e-mail, comme nom@exemple.be
forgotten-sent-title = Consultez vos e-mails
forgotten-sent-lead = Un compte est lié à ce nom d'utilisateur ? Alors nous avons envoyé un e-mail avec un lien pour choisir un nouveau mot de passe.
forgotten-sent-valid = { $minutes ->
    [one] Le lien fonctionne une seule fois et est valable { $minutes } minute.
   *[other] Le lien fonctionne une seule fois et est valable { $minutes } minutes.
}
forgotten-sent-nothing-title = Pas reçu d'e-mail ?
forgotten-sent-spam = Regardez dans le dossier des courriers indésirables.
forgotten-sent-other-address = Vérifiez que vous avez rempli la bonne adresse e-mail.
forgotten-sent-call = Cela ne marche pas ? Contactez le service d'assistance.
forgotten-sent-again = Demander un autre lien
reset-title = Choisissez un nouveau mot de passe
reset-lead = Choisissez un mot de passe d'au moins { $min } caractères. Une phrase de quelques mots est sûre et facile à retenir.
reset-new-password = Nouveau mot de passe
reset-new-password-hint = Tous les caractères sont permis, aussi les espaces. Vous pouvez le coller.
reset-consequence = Votre ancien mot de passe ne fonctionnera plus. Vous êtes encore connecté ailleurs ? Nous vous y déconnecterons.
reset-submit = Enregistrer le mot de passe
reset-missing = Remplissez un nouveau mot de passe
reset-too-short = Ce mot de passe est trop court. Utilisez au moins { $min } caractères
reset-too-long = Ce mot de passe est trop long. Choisissez un mot de passe plus court
reset-too-common = Ce mot de passe est très utilisé et facile à deviner. Choisissez un autre mot de passe
reset-too-like-user-name = Ce mot de passe ressemble trop à votre nom d'utilisateur. Choisissez un autre mot de passe
reset-done-title = Votre mot de passe a été modifié
reset-done-text = Désormais, vous vous connectez avec votre nouveau mot de passe.
reset-done-app-only = Vous avez modifié votre mot de passe par e-mail. Pour le moment, un code par e-mail ne suffit donc pas comme deuxième étape. Vous avez une application d'authentification ? Utilisez-la.
reset-done-not-you = Ce n'était pas vous ? Contactez tout de suite le service d'assistance.
link-spent-title = Ce lien ne fonctionne plus
link-spent-lead = Le lien a déjà été utilisé, est trop ancien, ou un lien plus récent a été envoyé.
link-spent-next = Regardez si vous avez un e-mail plus récent, ou demandez un nouveau lien. Cliquer sur ce lien n'a pas modifié votre mot de passe.
link-spent-new = Demander un nouveau lien

## Choosing a profile
profile-title = Choisissez votre profil
profile-as = Je veux me connecter en tant que :
profile-within = Au sein de l'organisation :
profile-within-hint = Choisissez une organisation si vous la représentez ou si vous y travaillez. Si vous agissez pour vous-même, ne choisissez pas d'organisation.
profile-within-none = Aucune organisation
profile-confirm = Confirmer le profil
profile-nothing-chosen = Choisissez en tant que qui vous voulez vous connecter
profile-no-longer-possible = Ce profil n'est plus possible. Choisissez un autre profil
profile-not-within = Ce profil ne va pas avec cette organisation. Ne choisissez pas d'organisation ou choisissez un autre profil
profile-missing-title = Il vous manque un profil ou un droit ?
missing-registration-title = { $profession } : votre dossier n'est pas encore complet
missing-registration-why = Votre inscription est récente. Il faut quelques jours pour que votre dossier soit prêt. D'ici là, vous pouvez seulement continuer en tant que citoyen.
missing-registration-next = Réessayez dans quelques jours. Cela ne marche toujours pas après une semaine ? Contactez le service d'assistance.
missing-right-why = Il vous manque le droit « { $right } » dans cette organisation. Vous pouvez la choisir, mais ce qui demande ce droit reste fermé.
missing-role-title = Une fonction dans un établissement
missing-role-why = Nous ne vous connaissons pas comme directeur, responsable ou gestionnaire d'un établissement. Vous ne pouvez donc pas continuer avec les droits d'une telle fonction.
missing-role-next = Vous avez bien une telle fonction ? Demandez à votre établissement de vous inscrire. En attendant, vous pouvez continuer en tant que citoyen.
profile-continue-title = Avec quel profil voulez-vous continuer ?
profile-continue-lead = Vous avez plusieurs profils. Choisissez celui avec lequel vous voulez continuer. Vous pourrez en changer plus tard sans vous reconnecter.
profile-continue-mandate-holder = Continuer en tant que mandataire
profile-continue-mandate-holder-hint = Vous cherchez la personne qui vous a donné un mandat et vous agissez pour elle.
profile-continue-within = Continuer au sein de { $organization }
profile-continue-citizen = Continuer en tant que citoyen
profile-continue-citizen-hint = Vous agissez pour vous-même.
profile-continue-role = Vous avez aussi les droits de { $role }.

## Finding a mandator
mandators-title = Chercher un mandant
mandators-enterprise = Au nom de { $name }
mandators-lead = Cherchez la personne qui vous a donné un mandat. Remplissez un ou plusieurs champs. Si vous ne remplissez rien, vous voyez tous vos mandants.
mandators-nihdi = Numéro INAMI
mandators-national = Numéro de registre national
mandators-name = Nom
mandators-first-name = Prénom
mandators-submit = Chercher
mandators-found = Nombre de résultats : { $count }
mandators-page = Page { $page } sur { $pages }, { $per-page } par page
mandators-caption = Mandants trouvés
mandators-column-name = Nom
mandators-column-mandate = Mandat
mandators-column-choose = Choisir
mandators-no-number = pas de numéro
mandators-choose = Choisir
mandators-choose-person = Choisir : { $name }
mandators-pages = Pages de résultats
mandators-previous = Précédente
mandators-next = Suivante
mandators-none-text = Nous n'avons trouvé personne pour qui vous avez un mandat.
mandators-none-check = Vérifiez que vous avez tout bien rempli.
mandators-none-fewer = Remplissez moins de champs, par exemple seulement le nom.
mandators-none-mandate = Demandez à la personne si votre mandat a déjà commencé et n'est pas terminé.
mandators-nihdi-wrong = Ce numéro INAMI n'est pas correct. Remplissez les 11 chiffres
mandators-national-wrong = Ce numéro de registre national n'est pas correct. Remplissez les 11 chiffres
mandators-name-too-short = Remplissez au moins 2 lettres du nom
mandators-mandate-ended = Ce mandat a pris fin entre-temps. Choisissez une autre personne

## Organization
organization-title = Droits chez { $name }
organization-lead = Vous voyez ici qui a accès au nom de votre organisation. Vous donnez des droits avec une date de fin et vous les retirez. Un changement compte tout de suite.
organization-members = { $count ->
    [one] { $count } membre
   *[other] { $count } membres
}
organization-yourself = C'est vous
organization-no-rights = N'a aucun droit.
organization-right = Droit
organization-until = Valable jusqu'au
organization-granted-by = Donné par
organization-action = Action
organization-revoke = Retirer
organization-revoke-right = Retirer : { $right } de { $member }
organization-granted = { $member } a maintenant le droit « { $right } », jusqu'au { $until } inclus.
organization-revoked = Le droit « { $right } » de { $member } a été retiré.
organization-managers = Qui gère les accès ?
grant-title = Donner un droit
grant-lead = La personne en est informée par e-mail.
grant-nothing-to-give = Vous ne pouvez pas donner de droits pour le moment. Le gestionnaire d'accès principal de votre organisation décide pour quelles applications vous le pouvez.
grant-member = À qui
grant-choose = Faites un choix
grant-right = Quel droit
grant-right-hint = Vous voyez seulement les droits que votre organisation possède et que vous pouvez donner.
grant-end = Jusqu'à quel jour inclus
grant-end-hint = Par exemple 30 6 2027. Ensuite, le droit s'arrête tout seul.
grant-day = Jour
grant-month = Mois
grant-year = Année
grant-submit = Donner le droit
grant-member-missing = Choisissez à qui vous donnez le droit
grant-right-missing = Choisissez quel droit vous donnez
grant-end-missing = Remplissez le dernier jour du droit
grant-end-not-a-date = Cette date n'existe pas. Remplissez un jour, un mois et une année
grant-end-in-the-past = Cette date est passée. Choisissez un jour à venir
grant-end-too-late = Ce droit ne peut pas durer au-delà du { $latest }
grant-organization-lacks-right = Votre organisation n'a pas elle-même ce droit et ne peut donc pas le donner
grant-not-yours-to-give = Vous ne gérez pas cette application. Demandez-le au gestionnaire d'accès principal
grant-yourself = Vous ne pouvez pas vous donner un droit à vous-même. Demandez-le à un autre gestionnaire d'accès
grant-already-granted = Cette personne a déjà ce droit, jusqu'au { $until } inclus
grant-held-by-another = Une seule personne par établissement peut avoir ce droit. Actuellement, c'est { $name }. Retirez d'abord ce droit

## Consent
consent-lead = C'est vous qui décidez. Vous pouvez retirer votre consentement à tout moment, avec effet immédiat.
consent-who = Qui peut consulter maintenant ?
consent-nobody = Personne ne peut consulter.
consent-to = À qui
consent-from = Depuis
consent-valid = Valable
consent-no-end = jusqu'à ce que vous le retiriez
consent-withdraw = Retirer
consent-withdraw-from = Retirer : consultation par { $to }
consent-given = { $to } peut maintenant consulter.
consent-withdrawn = { $to } ne peut plus consulter.
consent-give-title = Donner accès
consent-nobody-to-choose = Il n'y a actuellement personne à qui vous pouvez donner accès.
consent-organization = Choisissez une organisation
consent-person = Choisissez à qui
consent-end = Jusqu'à quel jour inclus (peut rester vide)
consent-end-hint = Par exemple 30 6 2027. Sans date, votre consentement vaut jusqu'à ce que vous le retiriez.
consent-submit = Donner accès
consent-recipient-missing = Choisissez à qui vous donnez accès
consent-has-it = Ce destinataire a déjà accès
insight-title = Consultation pour { $whose }
insight-lead = Ces personnes ont donné leur consentement. Qui le retire ne figure plus dans cette liste.
insight-people = { $count ->
    [one] { $count } personne
   *[other] { $count } personnes
}
insight-nobody = Personne n'a donné son consentement.
insight-no-end = jusqu'à son retrait
insight-what = Ce que vous voyez
insight-no-number = encore sans numéro d'enregistrement
account-insight = Ce que d'autres vous laissent consulter

## Account
account-title = Mon compte
account-registers = Où voulez-vous aller ?
account-who = Comment vous êtes connecté
account-name = Nom
account-user-name = Nom d'utilisateur
account-profile = Profil
account-no-profile = Pas encore choisi
account-change-profile = Choisir un autre profil
account-key = Clé numérique
account-factors = Vos moyens de connexion
account-assurance = Niveau de garantie
assurance-low = Faible
assurance-substantial = Substantiel
assurance-high = Élevé
account-organization = Gérer les droits de votre organisation
account-sessions = Où êtes-vous connecté ?
account-sessions-text = Vous ne reconnaissez pas quelque chose ? Déconnectez cet appareil et changez votre mot de passe.
account-sessions-text-no-password = Vous ne reconnaissez pas quelque chose ? Déconnectez cet appareil et contactez le service d’assistance.
account-this-session = Cet appareil
account-session-began = Connecté le { $when }
account-session-seen = Dernière utilisation le { $when }
account-end-session = Déconnecter
account-end-session-on = Déconnecter : { $device }
account-end-others = Déconnecter partout sauf ici
account-session-ended = Cet appareil est déconnecté.
signed-out-title = Vous êtes déconnecté
signed-out-text = Vous êtes déconnecté de toutes les applications.
signed-out-not-reached = Pour ces applications, nous ne sommes pas sûrs que vous êtes déconnecté :
signed-out-shared = D'autres personnes utilisent cet ordinateur ? Fermez alors toutes les fenêtres de votre navigateur.

## Refusal
refusal-title = Vous n'avez pas accès à cette page
refusal-lead = Vous êtes connecté, mais cette page demande plus.
refusal-lead-profile = Vous êtes connecté avec le profil « { $profile } ». Cette page demande plus.
refusal-what-you-can-do = Que pouvez-vous faire ?
refusal-nothing-to-do = Avec vos données, vous ne pouvez pas ouvrir cette page. Vous pensez que c'est une erreur ? Contactez le service d'assistance.
refusal-assurance-title = Connectez-vous avec une clé plus forte
refusal-assurance-text = Ces données sont mieux protégées. Après la connexion, vous reprendrez là où vous étiez.
refusal-assurance-button = Utiliser une clé plus forte
refusal-other-key-title = Connectez-vous d'une autre façon
refusal-other-key-text = Ce registre demande une autre façon de se connecter. Votre compte et vos données restent les mêmes.
refusal-other-key-button = Se connecter autrement
refusal-profile-title = Choisissez un autre profil
refusal-profile-text = { $count ->
    [one] C'est possible avec ce profil :
   *[other] C'est possible avec l'un de ces profils :
}
refusal-profile-button = Choisir un autre profil
refusal-right-title = Demandez le droit « { $right } »
refusal-right-text = Il vous manque ce droit chez { $organization }.
refusal-ended-title = Votre profil a pris fin
refusal-ended-text = Le mandat, l’appartenance ou l’enregistrement avec lequel vous travailliez ici n’est plus valable. Choisissez un autre profil pour continuer.
refusal-mandate-title = Votre mandat ne va pas si loin
refusal-mandate-text = Votre mandat concerne « { $scope } ». Demandez au mandant un mandat plus large, ou laissez-le faire cela lui-même.
refusal-back = Retour à { $register }
conflict-title = Ce formulaire était pour un autre profil
conflict-lead = Vous avez sans doute choisi un autre profil dans un autre onglet.
conflict-made-for = Le formulaire était pour
conflict-in-use = Vous travaillez maintenant en tant que
conflict-nothing-changed = Nous n'avons rien enregistré ni modifié.
conflict-go-on = Continuer en tant que { $profile }

## Failures
failure-what-now = Que pouvez-vous faire ?
failure-log-in-again = Se connecter
failure-log-in-and-return = Se connecter et continuer
failure-open-form-again = Rouvrir le formulaire
failure-to-start = Aller au début
failure-back = Retour
failure-try-again = Réessayer
failure-other-key = Choisir une clé
failure-attempt-gone-title = Recommencez la connexion
failure-attempt-gone-text = Cette tentative de connexion n'est plus valable. Vous avez peut-être attendu trop longtemps, utilisé un ancien lien ou ouvert un autre navigateur.
failure-attempt-gone-next = Reconnectez-vous. Utilisez pour cela un seul onglet.
failure-too-many-tries-title = Trop de tentatives
failure-too-many-tries-text = Des données incorrectes ont été remplies trop souvent. Vous pourrez réessayer à { $time }.
failure-too-many-tries-next = Attendez ce moment. Vous avez oublié votre mot de passe ? Demandez-en un nouveau.
failure-cancelled-title = Vous avez annulé la connexion
failure-cancelled-text = Vous n'êtes pas connecté.
failure-cancelled-next = Vous voulez quand même vous connecter ? Recommencez. Sinon, vous pouvez fermer cette page.
failure-returned-elsewhere-title = Recommencez la connexion
failure-returned-elsewhere-text = Vous revenez d'un autre service de connexion, mais la connexion n'a pas commencé dans ce navigateur, ou ce retour a déjà été utilisé. Vous n'êtes pas connecté.
failure-returned-elsewhere-next = Recommencez ici. Avez-vous cliqué sur un lien que quelqu'un vous a envoyé ? Ne l'utilisez pas.
failure-provider-down-title = { $provider } ne fonctionne pas pour le moment
failure-provider-down-text = { $provider } ne répond pas, ou pas à temps. Cela ne vient pas de vous, et vous n'êtes pas connecté.
failure-provider-down-next = Choisissez une autre clé, ou réessayez dans une minute.
failure-provider-answer-title = La connexion avec { $provider } a échoué
failure-provider-answer-text = Nous n'avons pas pu vérifier la réponse de { $provider }. C'est pourquoi vous n'êtes pas connecté.
failure-provider-answer-next = Réessayez, ou choisissez une autre clé. Cela échoue encore ? Appelez l'assistance et donnez le numéro ci-dessous.
failure-provider-too-low-title = Ceci demande une connexion plus forte
failure-provider-too-low-text = Vous vous êtes identifié auprès de { $provider }, mais de manière moins forte ou plus ancienne que ce qui est nécessaire ici.
failure-provider-too-low-next = Réessayez et confirmez dans { $provider } avec votre code, ou choisissez une autre clé.
failure-card-not-in-force-title = Votre carte n'est plus valable
failure-card-not-in-force-text = Le certificat de votre carte d'identité a expiré ou a été révoqué. C'est pourquoi vous n'êtes pas connecté.
failure-card-not-in-force-next = Choisissez une autre clé. Vous n'avez pas fait bloquer votre carte vous-même ? Contactez votre commune.
failure-no-national-number-title = { $provider } ne connaît pas votre numéro de registre national
failure-no-national-number-text = Sans ce numéro, nous ne savons pas qui vous êtes ici. C'est le cas si votre compte { $provider } a été créé avec un document étranger.
failure-no-national-number-next = Choisissez une autre clé, ou contactez l'assistance.
failure-no-organization-title = Votre organisation n'est pas connue ici
failure-no-organization-text = { $provider } a confirmé pour qui vous vous connectez, mais le registre ne connaît pas cette organisation, ou cet établissement, sous son numéro KvK.
failure-no-organization-next = Connectez-vous pour une organisation connue ici. Ou demandez à l'assistance d'inscrire votre organisation avec son numéro KvK et son numéro d'établissement.
failure-no-account-title = Vous n'avez pas encore de compte ici
failure-no-account-text = { $provider } a confirmé qui vous êtes, mais vous n'êtes pas connu ici.
failure-no-account-next = Vous pensez être connu ? Contactez l'assistance. Vous venez d'être enregistré ? Réessayez dans quelques jours.
failure-account-closed-title = Votre compte est fermé
failure-account-closed-text = Nous savons qui vous êtes, mais votre compte est fermé ici. Vous ne pouvez plus vous connecter avec ce compte.
failure-account-closed-next = Vous voulez le réutiliser, ou ceci n'est pas correct ? Contactez l'assistance.
failure-session-ended-title = Votre session est terminée
failure-session-ended-text = Vous avez été déconnecté parce que vous n'avez rien fait pendant un certain temps ou parce que votre session a été terminée ailleurs.
failure-session-ended-next = Reconnectez-vous. Vous reprendrez ensuite là où vous étiez. Rien n'est envoyé deux fois.
failure-form-expired-title = Ce formulaire est trop ancien
failure-form-expired-text = Le formulaire est resté ouvert trop longtemps ou a déjà été utilisé dans une autre fenêtre. Nous n'avons rien enregistré.
failure-form-expired-next = Rouvrez le formulaire et remplissez-le encore une fois.
failure-not-found-title = Cette page n'existe pas
failure-not-found-text = L'adresse est peut-être mal tapée, ou la page a été déplacée ou n'existe pas pour vous.
failure-not-found-next = Vérifiez l'adresse ou allez au début.
failure-register-slow-title = Cela prend trop de temps
failure-register-slow-text = { $register } ne répond pas à temps. De votre côté, tout est en ordre.
failure-register-slow-next = Réessayez dans quelques minutes. Vous étiez en train d'envoyer quelque chose ? Vérifiez d'abord si c'est bien arrivé.
failure-register-down-title = Ce registre n'est pas accessible pour le moment
failure-register-down-text = Il y a une panne chez { $register }. De votre côté, tout est en ordre et vous êtes toujours connecté.
failure-register-down-next = Réessayez dans un quart d'heure.
failure-bad-request-title = Nous ne comprenons pas cette demande
failure-bad-request-text = L'adresse ou les données envoyées par votre navigateur ne sont pas correctes.
failure-bad-request-next = Allez au début et réessayez sans lien enregistré.
failure-too-large-title = C'est trop grand
failure-too-large-text = Le fichier ou le formulaire que vous avez envoyé est plus grand que ce que nous pouvons recevoir. Rien n'a été enregistré.
failure-too-large-next = Revenez en arrière et envoyez un fichier plus petit.
failure-internal-title = Une erreur s'est produite chez nous
failure-internal-text = À cause d'une erreur chez nous, nous ne pouvons pas afficher cette page. Ce n'est pas votre faute.
failure-internal-next = Réessayez dans quelques minutes. L'erreur nous a été signalée.
failure-cookies-refused-title = Votre navigateur ne garde pas de cookies
failure-cookies-refused-text = Pour vous connecter en toute sécurité, nous utilisons quelques cookies qui ne servent qu'à cela. Votre navigateur les a refusés.
failure-cookies-refused-next = Autorisez les cookies pour ce site dans les paramètres de votre navigateur, ou utilisez un autre navigateur. Réessayez ensuite.
failure-policy-unavailable-title = Nous ne pouvons pas vérifier votre accès pour le moment
failure-policy-unavailable-text = À cause d'une panne, nous ne pouvons pas voir ce que vous pouvez faire. Par sécurité, nous ne laissons donc entrer personne.
failure-policy-unavailable-next = Réessayez dans quelques minutes.

## Unknown address, applications
tenants-title = Où voulez-vous vous connecter ?
tenants-lead = Ceci est une démonstration avec des personnes inventées. Choisissez un environnement.
tenants-unknown-title = Il n'y a pas de guichet à cette adresse
tenants-unknown-lead = L'adresse dans votre navigateur n'appartient pas à une organisation que nous connaissons.
tenants-unknown-next = Vérifiez l'adresse, ou allez sur le site de l'organisation et cliquez là pour vous connecter.
application-refused-title = Vous ne pouvez pas vous connecter de cette façon
application-refused-lead = L'application d'où vous venez a envoyé une demande à laquelle nous ne pouvons pas faire confiance. C'est pourquoi nous ne vous y renvoyons pas.
application-refused-lead-named = { $application } a envoyé une demande à laquelle nous ne pouvons pas faire confiance. C'est pourquoi nous ne vous y renvoyons pas.
application-refused-next = Retournez à l'application et réessayez. Cela se reproduit ? Signalez-le au gestionnaire de l'application. Vous n'avez rien fait de mal.
application-refused-detail = Explication pour le gestionnaire de l'application
application-refused-unknown = Ce client_id n'est pas connu de cette organisation.
application-refused-redirect = Le redirect_uri ne figure pas dans l'enregistrement de ce client. L'adresse doit être identique caractère par caractère.
application-refused-invalid = Il manque un champ obligatoire à la demande, ou un champ s'y trouve deux fois.
end-session-title = Voulez-vous vous déconnecter ?
end-session-lead = Une application demande de vous déconnecter.
end-session-lead-named = { $application } demande de vous déconnecter.
end-session-everywhere = Vous serez alors déconnecté de toutes les applications et de tous les registres.
end-session-yes = Oui, se déconnecter
end-session-no = Non, rester connecté
continue-title = Vous continuez vers { $application }
continue-lead = Vous êtes connecté. Il ne se passe rien après quelques secondes ? Cliquez alors sur le bouton.
continue-button = Continuer vers { $application }

send-on-title = Vous allez vers { $provider }
send-on-lead = Vous vous connectez sur le site de { $provider } et revenez ensuite ici.
send-on-button = Continuer vers { $provider }

## Anyone looks somebody up (LOOKUP-1)
lookup-title = Chercher une personne dans le registre
lookup-lead = Tout le monde peut vérifier si une personne est enregistrée ou certifiée. Vous voyez seulement le nom, le numéro d’enregistrement et le statut. Indiquez un nom ou un numéro d’enregistrement.
lookup-name = Nom de famille
lookup-name-hint = Le nom complet. Les particules, les majuscules et les accents ne comptent pas.
lookup-given-name = Prénom ou initiale
lookup-given-name-hint = Facultatif. Utile pour un nom fréquent.
lookup-number = Numéro d’enregistrement
lookup-number-hint = À la place d’un nom
lookup-submit = Chercher
lookup-found = Nombre de personnes trouvées : { $count }
lookup-caption = Personnes trouvées
lookup-column-name = Nom
lookup-register = Registre
lookup-column-status = Statut
lookup-registered = Enregistré
lookup-certified = Certifié
lookup-none-whole = Vérifiez que vous avez bien indiqué le nom de famille ou le numéro en entier.
lookup-none-partner = Essayez aussi le nom de naissance ou le nom du partenaire.
lookup-none-meaning = Tout est correct ? Alors cette personne n’est pas enregistrée ici en ce moment.
lookup-too-many = Trop de personnes portent ce nom
lookup-too-many-text = Ajoutez un prénom ou une initiale, ou cherchez par numéro d’enregistrement.
lookup-log-in = Vers la connexion
lookup-nothing = Indiquez un nom de famille ou un numéro d’enregistrement
lookup-both = Indiquez un nom ou un numéro, pas les deux
lookup-too-short = Indiquez le nom de famille complet, au moins { $least } lettres
lookup-too-long = C’est trop long. Indiquez 100 caractères au plus

## An account of one's own (LOGIN-3, LOGIN-12)
new-account-title = Demander un compte
new-account-lead = Vous n’avez pas encore de compte ? Indiquez votre adresse e-mail et choisissez un mot de passe. Nous vous envoyons un e-mail avec un lien pour créer le compte.
new-account-email = Adresse e-mail
new-account-email-hint = Une adresse à vous, par exemple nom@exemple.be. Ce sera votre nom d’utilisateur.
new-account-second = À chaque connexion, nous demandons aussi un code que nous envoyons à cette adresse.
new-account-submit = Demander le compte
new-account-have-one = J’ai déjà un compte
new-account-none = Demander un compte
new-account-email-missing = Indiquez votre adresse e-mail
new-account-not-an-address = Indiquez une adresse e-mail, comme nom@exemple.be
new-account-sent-lead = Nous vous avons envoyé un e-mail. Ouvrez le lien qu’il contient pour continuer.
new-account-again = Demander un autre lien
confirm-account-title = Créer le compte
confirm-account-lead = Votre adresse e-mail est { $email }. Indiquez votre nom, et le mot de passe que vous venez de choisir.
confirm-account-given = Prénom
confirm-account-family = Nom de famille
confirm-account-password-hint = Le mot de passe choisi lors de la demande du compte
confirm-account-submit = Créer le compte
confirm-account-given-missing = Indiquez votre prénom
confirm-account-family-missing = Indiquez votre nom de famille
confirm-account-wrong-password = Ce n’est pas le mot de passe que vous avez choisi. Réessayez, ou demandez de nouveau un compte
account-made-title = Votre compte est prêt
account-made-text = Vous pouvez maintenant vous connecter avec votre adresse e-mail, votre mot de passe et un code que nous vous envoyons.
account-made-next = Continuez chez { $register }. Vous devez d’abord vous connecter. Si vous vous arrêtez, vous reprendrez la prochaine fois où vous en étiez.
account-made-go = Se connecter et continuer

## Phones that are paired (/devices)
devices-title = Appareils associés
devices-lead = Avec l'application sur votre téléphone, vous complétez plus facilement votre dossier. Vous l'associez une seule fois à votre compte.
devices-none = Aucun téléphone n'est encore associé.
devices-paired-on = Associé le { $when }
devices-used = Dernière utilisation le { $when }
devices-unpair = Dissocier
devices-unpair-this = Dissocier : { $device }
devices-unpaired = { $device } est dissocié. L'application ne peut plus rien voir ni faire.
devices-not-offered = Il n'y a pas d'application pour le profil que vous utilisez maintenant.
devices-pair = Associer un appareil
devices-offer-lead = Le code ci-dessous fonctionne pendant { $minutes } minutes, pour un seul téléphone. Ne le montrez à personne d'autre.
devices-open-app = Ouvrez { $app } sur votre téléphone et choisissez « scanner ».
devices-scan = Scannez le code QR avec l'appareil photo.
devices-type = Votre téléphone affiche un numéro. Indiquez-le ci-dessous.
devices-qr = Code QR pour associer votre téléphone
devices-number = Numéro affiché sur votre téléphone
devices-number-hint = 6 chiffres. Les espaces sont permis.
devices-confirm = Associer
devices-stop = Arrêter
devices-stopped = Le code ne fonctionne plus. Rien n'a été associé.
devices-cannot-scan = Vous n'arrivez pas à scanner ?
devices-copy-code = Choisissez « saisir un code » dans l'application et copiez ce code sur votre téléphone :
devices-paired = { $device } est associé. Vous recevez aussi un e-mail à ce sujet.
devices-wrong-number = Votre téléphone affiche un autre numéro. Regardez encore une fois
devices-not-scanned = Votre téléphone n'a pas encore scanné le code. Scannez d'abord le code QR. Votre téléphone dit-il que le code a déjà servi ? Choisissez alors « arrêter » et recommencez
devices-over = Ce code ne fonctionne plus : il est trop ancien, il a déjà servi, ou le numéro était trop souvent faux. Rien n'a été associé. Recommencez.
