const SECRET = new RegExp(
  [
    '(?:password|passwd|passphrase)$',
    '(?:^|_)(?:token|secret|credentials?|dsn|connection_string)$',
    'api_?key$',
    '(?:^|_)(?:private|access|secret|security|ssh|signing|encryption|master|old|new|current|auth|account|storage|session|jwt|hmac|webhook|unseal|recovery)_?key$',
    '(?:^|_)(?:database|db|redis|amqp|mongo(?:db)?|postgres(?:ql)?|mysql)_ur[il]$',
    // "first_pass" and "OLD_PWD" are none.
    '(?:^|_)(?:db|database|pg|postgres|mysql|redis|smtp|mail|email|ftp|user|admin|root|auth|login|proxy|sudo|ssh|keystore)_?(?:pass|pwd)$',
    '^pass$',
  ].join('|'),
);

/** Whether the name of an input or a variable says that its value is a secret: `db_password`, `API-KEY`, `PGPASSWORD`, `DATABASE_URL`. */
export function isSecretName(name: string): boolean {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[^A-Za-z0-9]+/g, '_');
  return SECRET.test(words.toLowerCase());
}
