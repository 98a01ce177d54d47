# Mails in French, level B1. `.body` is the text; the help line and the footer come after it.

greeting = Bonjour { $name },

date = { $day ->
    [1] 1er
   *[other] { $day }
  } { $month ->
    [1] janvier
    [2] février
    [3] mars
    [4] avril
    [5] mai
    [6] juin
    [7] juillet
    [8] août
    [9] septembre
    [10] octobre
    [11] novembre
   *[12] décembre
  } { $year }
moment = { $date } à { $time }

email-code = Votre code pour { $tenant }
    .body =
        Votre code est : { $code }

        Introduisez ce code sur { $host }. Il est valable { $minutes } minutes.

        Ne donnez ce code à personne. Nous ne vous le demandons jamais, même au téléphone.

        Vous n’avez pas demandé ce code ? Quelqu’un connaît peut-être votre mot de passe. Changez-le sur { $origin }/password/forgotten

reset-link = Choisissez un nouveau mot de passe pour { $tenant }
    .body =
        Vous voulez choisir un nouveau mot de passe. Ouvrez ce lien :

        { $link }

        Le lien est valable { $minutes } minutes et fonctionne une seule fois.

        Vous n’avez rien demandé ? Vous ne devez rien faire. Votre mot de passe reste le même.

password-changed = Votre mot de passe pour { $tenant } a changé
    .body =
        Votre mot de passe a changé le { $moment }.

        Vous l’avez changé vous-même ? Vous ne devez rien faire.

        Ce n’était pas vous ? Choisissez tout de suite un nouveau mot de passe sur { $origin }/password/forgotten et contactez-nous.

too-many-tries = Plusieurs essais de connexion chez { $tenant }
    .body =
        Quelqu’un a essayé trop souvent de se connecter avec votre nom d’utilisateur. C’était le { $moment }. Personne ne peut donc se connecter avec ce nom jusqu’au { $until }.

        C’était vous ? Attendez un peu et essayez à nouveau. Vous ne connaissez plus votre mot de passe ? Choisissez-en un nouveau sur { $origin }/password/forgotten

        Ce n’était pas vous ? Personne n’a vu vos données. Vous ne devez rien faire.

factor-changed = Votre manière de vous connecter à { $tenant } a changé
    .body =
        Le { $moment }, ceci a changé dans votre compte :

        { $change ->
            [app-added] Une application d’authentification a été configurée.
            [app-removed] L’application d’authentification a été supprimée.
            [phone-verified] Votre numéro de téléphone qui se termine par { $phone } a été vérifié. Nous pouvons y envoyer des codes.
            [phone-removed] Votre numéro de téléphone a été supprimé. Les codes par téléphone ne fonctionnent plus.
            [passkey-added] Une clé d’accès a été ajoutée : { $passkey }
            [passkey-renamed] Une clé d’accès a un autre nom : { $passkey }
            [passkey-removed] Une clé d’accès a été supprimée : { $passkey }
            [recovery-codes-made] De nouveaux codes de secours ont été créés. Les anciens ne fonctionnent plus.
           *[recovery-code-used] Quelqu’un s’est connecté avec un code de secours. Il vous en reste { $left }.
        }

        Est-ce vous ? Alors vous n’avez rien à faire.

        Ce n’est pas vous ? Contactez-nous tout de suite.

right-granted = Vous avez un nouveau droit chez { $organization }
    .body =
        { $manager } vous a donné un droit chez { $organization } :

        { $right }, jusqu’au { $until } inclus

        Vous pouvez l’utiliser en vous connectant sur { $origin }

right-revoked = Un droit chez { $organization } est terminé
    .body =
        { $manager } a mis fin à un de vos droits chez { $organization } :

        { $right }

        Vous ne pouvez plus l’utiliser. Vous pensez que c’est une erreur ? Contactez { $organization }.

account-link = Créez votre compte pour { $tenant }
    .body =
        Vous avez demandé un compte. Ouvrez ce lien, et indiquez le mot de passe que vous avez choisi :

        { $link }

        Le lien fonctionne { $minutes } minutes, et une seule fois.

        Vous n’avez rien demandé ? Alors vous ne devez rien faire. Sans le mot de passe, aucun compte n’est créé.

account-exists = Vous avez déjà un compte pour { $tenant }
    .body =
        Quelqu’un a demandé un compte avec cette adresse e-mail. Vous en avez déjà un.

        C’était vous ? Connectez-vous sur { $origin }. Vous avez oublié votre mot de passe ? Choisissez-en un nouveau sur { $origin }/password/forgotten

        Ce n’était pas vous ? Alors vous ne devez rien faire. Rien n’a changé.

app-paired = Un téléphone a été associé à votre compte chez { $tenant }
    .body =
        Le { $moment }, { $app } a été associée à votre compte, sur ce téléphone : { $device }

        Vous l’avez fait vous-même ? Vous ne devez rien faire.

        Ce n’était pas vous ? Dissociez tout de suite le téléphone sur { $origin }/devices et contactez-nous.

welcome = Votre compte chez { $tenant }
    .body =
        Vous avez un compte chez { $tenant }. Votre nom d’utilisateur est votre numéro d’enregistrement : { $user_name }

        Choisissez votre mot de passe avec ce lien :

        { $link }

        Le lien fonctionne pendant { $hours } heures, et une seule fois. C’était il y a plus longtemps ? Demandez un nouveau lien sur { $origin }/password/forgotten

        Ensuite, connectez-vous sur { $origin }

address-confirm = Confirmez votre nouvelle adresse pour { $tenant }
    .body =
        Vous voulez vous connecter avec cette adresse e-mail. Ouvrez ce lien pour la confirmer :

        { $link }

        Le lien fonctionne { $minutes } minutes, et une seule fois. En attendant, vous vous connectez avec votre ancienne adresse.

        Vous n’avez pas demandé cela ? Vous ne devez rien faire. Rien ne change.

address-taken = Cette adresse appartient déjà à un compte de { $tenant }
    .body =
        Quelqu’un veut se connecter avec cette adresse e-mail. Elle appartient déjà à votre compte. Rien n’a donc été modifié.

        C’était vous ? Connectez-vous sur { $origin } avec cette adresse, ou choisissez une autre adresse pour l’autre compte.

        Ce n’était pas vous ? Vous ne devez rien faire.

address-changing = Votre adresse e-mail pour { $tenant } va changer
    .body =
        Le { $moment }, il a été demandé de se connecter à votre compte avec une autre adresse e-mail. La nouvelle adresse compte dès qu’elle est confirmée.

        C’était vous ? Vous ne devez rien faire.

        Ce n’était pas vous ? Arrêtez-le tout de suite avec ce lien. C’est possible pendant trois jours, même si l’adresse a déjà changé :

        { $link }

address-changed = Votre adresse e-mail pour { $tenant } a changé
    .body =
        Depuis le { $moment }, vous vous connectez avec une autre adresse e-mail. Vous ne recevrez plus de messages à cette adresse.

        C’était vous ? Vous ne devez rien faire.

        Ce n’était pas vous ? Utilisez tout de suite le lien de notre e-mail précédent, et contactez-nous.

# By telephone. Phones show an SMS in parts of 160 characters; the line for browsers comes after it. In a call the digits come one by one.
sms-code = { $tenant } : votre code est { $code }. Ne le donnez à personne. Il fonctionne { $minutes } minutes.
voice-code = Bonjour. Ici { $tenant }. Votre code de sécurité est : { $code }.
    .again = Je répète votre code : { $code }.
    .end = Ne donnez ce code à personne. Nous ne vous le demandons jamais.

help = Des questions ?
help-phone = Téléphone : { $phone }
help-email = E-mail : { $email }
footer = Ceci est un message automatique de { $tenant }. Vous ne pouvez pas y répondre.
