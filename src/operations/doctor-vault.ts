import { openDatabase } from '#db/database.js';
import { asOpsroomError } from '#kit/errors.js';
import { wrongKey } from '#secrets/envelope.js';
import { keyIdsInUse } from '#secrets/store.js';
import { readVaultKeys, type VaultKeyPlaces } from '#secrets/vault-key.js';
import type { Finding } from './finding.js';

/**
 * Whether the vault opens: its key may be read by its owner alone, and is the one that the rows were sealed under.
 *
 * @param url of the database when it can be asked; undefined: only the key is looked at
 */
export async function vaultFinding(places: VaultKeyPlaces, url: string | undefined): Promise<Finding> {
  const finding = { id: 'vault', title: 'Vault', essential: true };
  try {
    const keys = await readVaultKeys(places);
    const inUse = url === undefined ? [] : await sealedUnder(url);
    const strange = inUse.find((id) => !keys?.all.some((key) => key.id === id));
    if (strange !== undefined) throw wrongKey(strange, keys?.all ?? []);
    if (!keys) return { ...finding, ok: true, found: 'empty; its key is made with the first secret' };
    const between = keys.all.length > 1 ? ', which is being exchanged' : '';
    return { ...finding, ok: true, found: `key ${keys.current.id} of the ${keys.from}${between}` };
  } catch (thrown) {
    const { message, mend } = asOpsroomError(thrown);
    return { ...finding, ok: false, found: message, mend };
  }
}

/** A database that is not migrated yet has no vault. */
async function sealedUnder(url: string): Promise<string[]> {
  const database = openDatabase({ url, applicationName: 'opsroom doctor', max: 1 });
  try {
    return await keyIdsInUse(database.engine);
  } catch (error) {
    if (/^(42P01|3F000)$/.test((error as { code?: string }).code ?? '')) return [];
    throw error;
  } finally {
    await database.close();
  }
}
