/** What a request needs to know of cluster and user (client-go rest.Config). */
export interface ClientConfig {
  /** `https://172.30.1.2:6443`. */
  readonly server: string;
  readonly insecure: boolean;
  readonly tlsServerName: string;
  /** PEM. */
  readonly certificateAuthority: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly token: string | undefined;
  readonly basic: { readonly username: string; readonly password: string } | undefined;
  readonly impersonate: {
    readonly user: string;
    readonly uid: string;
    readonly groups: readonly string[];
  };
}

/** For a server that asks nobody who they are. */
export const noCredentials: Omit<ClientConfig, 'server'> = {
  insecure: false,
  tlsServerName: '',
  certificateAuthority: undefined,
  clientCertificate: undefined,
  clientKey: undefined,
  token: undefined,
  basic: undefined,
  impersonate: { user: '', uid: '', groups: [] },
};
