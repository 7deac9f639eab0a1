import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client';

/** All that a sign-in goes on from. Holds tokens: it is kept sealed, and shown to nobody. */
export interface Grant {
  readonly redirect: string;
  readonly discovery?: OAuthDiscoveryState;
  readonly client?: StoredOAuthClientInformation;
  /** Of a sign-in that has begun: proves that whoever brings the code began it. */
  readonly verifier?: string;
  readonly tokens?: StoredOAuthTokens;
  /** When the access token runs out, ISO 8601; undefined: it does not say. */
  readonly expiresAt?: string;
}

/** What the library keeps, kept in memory until it is sealed. */
export class GrantMemory implements OAuthClientProvider {
  page: URL | undefined;

  constructor(
    public grant: Grant,
    private readonly stateOfPage: string,
  ) {}

  get redirectUrl(): string {
    return this.grant.redirect;
  }

  get clientMetadata() {
    return {
      client_name: 'Opsroom',
      redirect_uris: [this.grant.redirect],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    };
  }

  state(): string {
    return this.stateOfPage;
  }

  clientInformation(): StoredOAuthClientInformation | undefined {
    return this.grant.client;
  }

  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.grant = { ...this.grant, client };
  }

  tokens(): StoredOAuthTokens | undefined {
    return this.grant.tokens;
  }

  saveTokens(tokens: StoredOAuthTokens): void {
    this.grant = { ...this.grant, tokens };
  }

  redirectToAuthorization(page: URL): void {
    this.page = page;
  }

  saveCodeVerifier(verifier: string): void {
    this.grant = { ...this.grant, verifier };
  }

  codeVerifier(): string {
    return this.grant.verifier ?? '';
  }

  saveDiscoveryState(discovery: OAuthDiscoveryState): void {
    this.grant = { ...this.grant, discovery };
  }

  discoveryState(): OAuthDiscoveryState | undefined {
    return this.grant.discovery;
  }
}
