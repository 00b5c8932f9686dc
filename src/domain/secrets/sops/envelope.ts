/** One encrypted value: `ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]`, the three in base64. */
export interface Envelope {
  readonly data: string;
  readonly iv: string;
  readonly tag: string;
  readonly type: string;
}

const form =
  /^ENC\[AES256_GCM,data:([A-Za-z0-9+/]+={0,2}),iv:([A-Za-z0-9+/]+={0,2}),tag:([A-Za-z0-9+/]+={0,2}),type:([a-z]+)\]$/;

export function parseEnvelope(text: string): Envelope | undefined {
  const [, data, iv, tag, type] = form.exec(text) ?? [];
  return data === undefined || iv === undefined || tag === undefined || type === undefined
    ? undefined
    : { data, iv, tag, type };
}
