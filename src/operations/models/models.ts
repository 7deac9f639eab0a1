import type { Ports } from '#execute/ports.js';
import type { Config } from '#kit/config.js';
import type { LanguageModel } from '#models/model.js';
import { providedModel } from '#models/provider.js';
import { type ModelSettings, modelSettings } from '#models/settings.js';
import { providerFetch } from './fetch.js';

/** Which model there is, and why there is none. */
export type ModelFound =
  | { readonly model: LanguageModel; readonly settings: ModelSettings | undefined }
  | { readonly model: undefined; readonly settings: ModelSettings | undefined; readonly why: string };

/** The language model of a room, looked up for each use: keys come and go in the vault. */
export interface Models {
  find(room: { readonly org: string; readonly ports: Pick<Ports, 'secrets'> }): Promise<ModelFound>;
}

/**
 * What `OPSROOM_MODEL` names, with its key of the environment or the vault.
 * @throws OpsroomError USAGE for what names no model, and a price that is none
 */
export function openModels({ model, modelUrl, modelPrice }: Pick<Config, 'model' | 'modelUrl' | 'modelPrice'>): Models {
  if (model === undefined) {
    const why = 'No language model is configured (OPSROOM_MODEL).';
    return { find: async () => ({ model: undefined, settings: undefined, why }) };
  }
  const settings = modelSettings({ model, url: modelUrl, price: modelPrice });
  const fetch = providerFetch(modelUrl);
  return {
    find: async ({ org, ports }) => {
      const { values } = await ports.secrets(org, {});
      const key = values[settings.secret];
      if (key === undefined && settings.provider !== 'compatible')
        return {
          model: undefined,
          settings,
          why: `The secret ${settings.secret} is not set, so no language model is asked.`,
        };
      return { model: providedModel(settings, { fetch, key }), settings };
    },
  };
}
