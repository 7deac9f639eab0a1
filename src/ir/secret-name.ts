const SECRET =
  /(?:token|password|passwd|passphrase|secret)$|_(?:pass|pwd)$|(?:^|_)(?:(?:api|private|access|secret|ssh|signing|encryption)_?key|credentials?|(?:database|db)_url|dsn|connection_string)$/;

/** Whether the name of an input or a variable says that its value is a secret: `db_password`, `API-KEY`, `PGPASSWORD`, `DATABASE_URL`. */
export function isSecretName(name: string): boolean {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[^A-Za-z0-9]+/g, '_');
  return SECRET.test(words.toLowerCase());
}
