/** Every text of the set-up page, in German. */
import type { TextKey } from './english.ts'

export const german: Readonly<Record<TextKey, string>> = {
  product: 'Dispatch Solo',
  'language.label': 'Sprache',
  'skip.content': 'Zum Inhalt',
  'title.error': 'Fehler: {title}',

  'stage.label': 'Fortschritt',
  'stage.settings': 'Angaben',
  'stage.review': 'Prüfen',
  'stage.done': 'Fertig',

  'form.title': 'Ihre Appliance einrichten',
  'form.intro':
    'Sechs kurze Schritte, und diese Maschine gehört Ihnen. Nötig sind nur der Einrichtungscode und ein Kennwort; alles andere kann bleiben, wie es ist.',
  'form.steps': 'Schritte',
  'form.later': 'Alles außer dem Code lässt sich später ändern, mit „dispatch appliance“ auf der Maschine.',
  'form.review': 'Prüfen',
  'form.optional': 'freiwillig',
  'form.nothing': 'Es ändert sich nichts, bevor Sie es auf der nächsten Seite bestätigen.',
  'form.more': 'Weitere Netzwerkeinstellungen',
  'form.user': 'Benutzername',
  'form.secretsAgain':
    'Geheimes wird nicht noch einmal gezeigt: Geben Sie den Einrichtungscode, das Kennwort und gegebenenfalls den privaten Schlüssel noch einmal ein.',

  'summary.title': 'Bitte sehen Sie noch einmal hin',
  'summary.secrets':
    'Ihre Angaben sind noch da, nur Geheimes nicht: Geben Sie den Einrichtungscode, das Kennwort und gegebenenfalls den privaten Schlüssel noch einmal ein.',

  'section.code.title': 'Einrichtungscode',
  'section.code.intro':
    'Er beweist, dass die Maschine Ihnen gehört: Er steht auf der Konsole der virtuellen Maschine und sonst nirgends.',
  'section.administrator.title': 'Administratorkennwort',
  'section.administrator.intro':
    'Für den Benutzer „admin“, der in Dispatch alles darf. Es zählt die Länge: Ein Satz ist ein gutes Kennwort.',
  'section.ssh.title': 'SSH-Schlüssel',
  'section.ssh.intro': 'Zum Anmelden an der Maschine selbst. Ohne Schlüssel meldet sich „admin“ mit dem Kennwort an.',
  'section.network.title': 'Name und Netzwerk',
  'section.network.intro':
    'Eingetragen ist, was gesetzt wurde; was leer ist, sagt das Netz (DHCP), oder es ist wie ausgeliefert, und zeigt, was das derzeit ist. Eine andere Adresse, auch ein anderes Netz der Container, wird erst erprobt: Bestätigen Sie sie dort nicht binnen 90 Sekunden, kehrt die Maschine zu dieser zurück.',
  'section.services.title': 'Zeit und Proxy',
  'section.services.intro': 'Ein Proxy dient dazu, Container-Images zu laden und zu bauen.',
  'section.certificate.title': 'Zertifikat',
  'section.certificate.intro': 'Was diese Maschine Browsern und der Befehlszeile vorzeigt.',

  'field.now': 'derzeit: {now}',
  'field.code.label': 'Einrichtungscode',
  'field.code.hint': 'Groß und klein, Leerzeichen und Striche sind gleichgültig.',
  'field.password.label': 'Kennwort',
  'field.password.hint': 'Mindestens 12 Zeichen.',
  'field.repeated.label': 'Kennwort noch einmal',
  'field.repeated.hint': '',
  'field.sshKeys.label': 'Öffentliche Schlüssel',
  'field.sshKeys.hint': 'Einer je Zeile, wie in ~/.ssh/id_ed25519.pub.',
  'field.fqdn.label': 'Rechnername',
  'field.fqdn.hint': 'Vollständig, etwa dispatch.example.com. Er steht auch im Zertifikat.',
  'field.address.label': 'IP-Adresse',
  'field.address.hint': 'IPv4 oder IPv6, mit oder ohne Präfix: 10.0.0.5/24.',
  'field.netmask.label': 'Netzmaske oder Präfix',
  'field.netmask.hint': 'Wenn die Adresse keines hat: 255.255.255.0 oder 24.',
  'field.gateway.label': 'Gateway',
  'field.gateway.hint': 'Im Netz der Adresse.',
  'field.nameServers.label': 'Nameserver',
  'field.nameServers.hint':
    'Dazwischen Leerzeichen oder Kommas. DHCP nennt eigene; zu einer festen Adresse gehören die hier eingetragenen.',
  'field.searchDomains.label': 'Suchdomänen',
  'field.searchDomains.hint': 'Dazwischen Leerzeichen oder Kommas.',
  'field.mtu.label': 'MTU',
  'field.mtu.hint': 'In Byte. Leer: was das Netz vorgibt.',
  'field.containerNetwork.label': 'Netz der Container',
  'field.containerNetwork.hint': 'Etwa 172.30.0.0/16, wenn das übliche schon vergeben ist.',
  'field.timeServers.label': 'NTP-Server',
  'field.timeServers.hint': 'Namen oder Adressen, durch Leerzeichen oder Kommas getrennt.',
  'field.httpProxy.label': 'HTTP-Proxy',
  'field.httpProxy.hint': 'Etwa http://proxy.example.com:3128.',
  'field.httpsProxy.label': 'HTTPS-Proxy',
  'field.httpsProxy.hint': 'Oft derselbe.',
  'field.noProxy.label': 'Ohne Proxy',
  'field.noProxy.hint': 'Rechner und Netze, durch Kommas getrennt.',
  'field.chain.label': 'Zertifikat (PEM)',
  'field.chain.hint': 'Zuerst Ihr eigenes, darunter die seiner Aussteller. Einfügen oder Datei wählen.',
  'field.privateKey.label': 'Privater Schlüssel (PEM)',
  'field.privateKey.hint': 'Unverschlüsselt. Einfügen oder Datei wählen.',
  'file.chain': 'Datei des Zertifikats',
  'file.privateKey': 'Datei des privaten Schlüssels',

  'choice.addressing.label': 'Adresse',
  'option.dhcp': 'Automatisch (DHCP)',
  'option.fixed': 'Feste Adresse',
  'choice.certificate.label': 'Zertifikat',
  'option.keep': 'Das vorhandene behalten',
  'option.own': 'Ein eigenes verwenden',

  'complaint.code.missing': 'Geben Sie den Code ein, den die Konsole zeigt.',
  'complaint.password.missing': 'Geben Sie ein Kennwort für den Administrator ein.',
  'complaint.repeated.differs': 'Die beiden Kennwörter sind nicht gleich.',
  'complaint.address.missing': 'Geben Sie eine Adresse ein oder wählen Sie DHCP.',
  'complaint.chain.missing': 'Fügen Sie das Zertifikat ein oder wählen Sie seine Datei.',
  'complaint.privateKey.missing': 'Fügen Sie den privaten Schlüssel ein oder wählen Sie seine Datei.',
  'complaint.code.wrong':
    'Das ist nicht der Code, den die Konsole zeigt. Nach fünf falschen Codes gibt es eine Pause von einer Minute.',

  'review.title': 'Stimmt alles?',
  'review.intro': 'Mit „Übernehmen“ gelten diese Angaben, und die Maschine gehört Ihnen.',
  'review.claim': 'Übernehmen',
  'review.again': 'Noch einmal versuchen',
  'review.change': 'Etwas ändern',
  'review.entered': 'Eingegeben',
  'review.none': 'Keine',
  'review.asBefore': 'Automatisch',
  'review.pem': 'Ihres, mit privatem Schlüssel',
  'review.moves.title': 'Das Netzwerk ändert sich',
  'review.moves.text':
    'Sobald Sie übernommen haben, öffnen Sie die neue Adresse und bestätigen Sie sie mit dem Einrichtungscode, binnen 90 Sekunden:',
  'review.moves.automatic':
    'Sobald Sie übernommen haben, öffnen Sie die Adresse, die auf der Konsole steht, und bestätigen Sie das Netz mit dem Einrichtungscode, binnen 90 Sekunden.',
  'review.secrets': 'Wenn Sie zurückgehen, ist Geheimes noch einmal einzugeben.',
  'progress.title': 'Wird übernommen',
  'progress.text': 'Das dauert bis zu einer Minute. Bitte lassen Sie diese Seite offen.',

  'problem.title': 'Noch ist nichts übernommen',
  'problem.underWay':
    'Gerade eben übernimmt jemand diese Maschine. Wenn Sie das nicht selbst sind, sehen Sie auf die Konsole.',
  'problem.failed': 'Die Maschine konnte die Angaben nicht übernehmen. Sie meldet:',
  'problem.silent.title': 'Die Maschine hat nicht geantwortet',
  'problem.silent':
    'Was sie getan hat, ist darum ungewiss. Ihre Konsole zeigt den Zustand; gehört sie noch niemandem, versuchen Sie es noch einmal.',
  'problem.wait': 'Es gab zu viele falsche Codes. Kein Code wird angenommen in den nächsten',
  'problem.seconds': '{seconds} Sekunden',
  'problem.draft':
    'Es ist zu viel Zeit vergangen, oder die Maschine wurde neu gestartet: Bitte geben Sie alles noch einmal ein.',
  'problem.rolledBack':
    'Niemand hat das neue Netzwerk rechtzeitig bestätigt, darum gilt wieder das frühere. Es wurde nichts übernommen; prüfen Sie die Adresse und versuchen Sie es noch einmal.',

  'trial.title': 'Das neue Netzwerk bestätigen',
  'trial.intro':
    'Die Maschine wechselt jetzt zu ihrer neuen Adresse. Öffnen Sie sie dort, und bestätigen Sie mit dem Einrichtungscode binnen',
  'trial.seconds': '{seconds} Sekunden',
  'trial.where': 'Neue Adresse',
  'trial.warning': 'Ihr Browser warnt noch einmal vor dem Zertifikat, weil die Adresse eine andere ist.',
  'trial.back': 'Wenn dort nichts antwortet, warten Sie: Ohne Bestätigung kehrt die Maschine zu dieser Adresse zurück.',
  'trial.over': 'Die Zeit ist um. Wenn Sie nicht bestätigt haben, ist die Maschine wieder hier.',
  'trial.return': 'Zurück zu den Angaben',

  'confirm.title': 'Dieses Netzwerk behalten?',
  'confirm.intro':
    'Diese Maschine erprobt ein neues Netzwerk. Geben Sie den Einrichtungscode noch einmal ein, dann behält sie es und gehört Ihnen. Zeit, die bleibt:',
  'confirm.keep': 'Behalten und übernehmen',

  'done.title': 'Die Maschine gehört Ihnen',
  'done.intro':
    'Lassen Sie diese Seite offen, bis Sie kopiert haben, was Sie brauchen: Sie erscheint nicht noch einmal.',
  'done.copy': 'Kopieren',
  'done.copied': 'Kopiert',
  'done.console': 'Dispatch und SSH sind jetzt offen. Diese Einrichtungsseite gibt es nicht mehr.',
  'done.failed.title': 'Nicht alles ist wirksam',
  'done.failed.text':
    'Die Maschine gehört Ihnen, aber diese Schritte sind fehlgeschlagen. Ein Neustart und die nächste Änderung versuchen sie noch einmal; auf der Maschine sagt „dispatch appliance status“, welche noch fehlen. Ein Kennwort ist neu zu setzen.',
  'done.moved': 'Die Maschine ist zu erreichen als',
  'done.cli.title': 'Die Befehlszeile verbinden',
  'done.cli.intro': 'Speichern Sie dies auf Ihrem eigenen Rechner als ~/.dispatch/config.json.',
  'done.cli.trust':
    'Hat die Maschine ihr Zertifikat selbst erzeugt, holen Sie es einmal und vergleichen Sie den Fingerabdruck mit dem auf der Konsole.',
  'done.cli.login': 'Melden Sie sich mit dem Kennwort an, das Sie eben gesetzt haben.',
  'done.ssh.title': 'An der Maschine anmelden',
  'done.ssh.key': 'Mit Ihrem SSH-Schlüssel. „dispatch“ verlangt dort keine Anmeldung.',
  'done.ssh.password': 'Mit dem Administratorkennwort. „dispatch“ verlangt dort keine Anmeldung.',
  'done.ssh.both': 'Mit Ihrem SSH-Schlüssel oder dem Administratorkennwort. „dispatch“ verlangt dort keine Anmeldung.',
  'done.first.title': 'Eine erste Funktion ausführen',
  'done.first.intro': 'Die Images bringt die Maschine mit: Internet ist dafür nicht nötig.',
  'done.next.title': 'Wie es weitergeht',
  'done.next.users': 'Kolleginnen und Kollegen eigene Benutzer und Rechte geben',
  'done.next.api': 'Eine Funktion zur HTTP-API machen',
  'done.next.settings': 'Die Angaben dieser Seite später ändern',

  'claimed.title': 'Diese Maschine gehört schon jemandem',
  'claimed.text': 'Sie ist bereits eingerichtet; diese Seite bewirkt nichts mehr.',
  'claimed.stranger':
    'Wenn das weder Sie noch Ihre Leute waren, trennen Sie sie vom Netz, und importieren Sie sie neu.',
  'over.title': 'Die Zeit zum Einrichten ist um',
  'over.text': 'Zu Ihrer Sicherheit nimmt diese Seite nur 30 Minuten lang Angaben an. So öffnen Sie sie wieder:',
  'over.console': 'Drücken Sie auf der Konsole der virtuellen Maschine F3 („Re-open set-up“),',
  'over.reboot': 'oder starten Sie die Maschine neu.',
  'over.return': 'Weiter',
  'rolledBack.title': 'Das frühere Netzwerk gilt wieder',
  'starting.title': 'Einen Augenblick',
  'starting.text': 'Die Maschine macht sich noch bereit. Das dauert nach dem Einschalten etwa eine Minute.',
  'starting.again': 'Noch einmal nachsehen',
  'refused.title': 'Das ging nicht',
  'refused.foreign':
    'Das Formular kam von einer anderen Seite, oder dieser Browser behält keine Cookies. Öffnen Sie die Einrichtungsseite neu, und geben Sie es dort ein.',
  'refused.large': 'Das Gesendete ist zu groß. Zertifikat, Schlüssel und SSH-Schlüssel haben je höchstens 64 KB.',
  'refused.unreadable': 'Das Gesendete war als Formular dieser Seite nicht zu lesen.',
  'refused.failed': 'In der Maschine ist etwas fehlgeschlagen. Ihr Journal sagt, was; versuchen Sie es noch einmal.',
  'refused.nowhere': 'Unter dieser Adresse ist nichts.',
  'refused.back': 'Zur Einrichtungsseite',
}
