/** What PID 1 says of a unit. */
export interface Log {
  readonly unit: string;
  readonly message: string;
  readonly priority: number;
  readonly id?: string | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/** sd-messages.h: what the catalog knows. */
export const messageIds = {
  starting: '7d4958e842da4a758f6c1cdc7b36dcc5',
  started: '39f53479d3a045ac8e11786248231fbf',
  failed: 'be02cf6855d2428ba40df7e9d022f03d',
  stopping: 'de5b426a63be47a7b6ac3eaac82e2f6f',
  stopped: '9d1aaa27d60140bd96365438aad20286',
  reloading: 'd34d037fff1847e6ae669a370e694725',
  reloaded: '7b05ebc668384222baa8881179cfda54',
  processExit: '98e322203f7a4ed290d09fe03c09fe15',
  success: '7ad2d189f7e94e70a38c781354912448',
  failureResult: 'd9b373ed55a64feb8242e02dbe79a49c',
  restartScheduled: '5eb03494b6584870a536b337290809b3',
} as const;
