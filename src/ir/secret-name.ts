const SECRET = /(?:^|_)(?:token|password|passwd|passphrase|secret|api_?key|private_key|access_key|credentials?)$/;

/** Whether the name of an input or a variable says that its value is a secret: `db_password`, `API-KEY`, `accessToken`. */
export function isSecretName(name: string): boolean {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[^A-Za-z0-9]+/g, '_');
  return SECRET.test(words.toLowerCase());
}
