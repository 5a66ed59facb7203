/** Made by scripts/openapi-plugin.mjs; `types` are PackageTypes. */
declare module 'virtual:kubernetes-openapi' {
  export const packages: Readonly<Record<string, () => Promise<{ readonly types: unknown }>>>;
}

declare module 'virtual:kubernetes-openapi/fingerprint' {
  /** Changes when what was read or how it is read changes. */
  export const fingerprint: string;
}
