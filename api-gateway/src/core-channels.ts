import type { ChannelCredentials, ClientOptions } from '@grpc/grpc-js';
import { Client, connectivityState } from '@grpc/grpc-js';

/** The number of channels, each of which has a connection to each address of core. */
const CHANNELS = 4;

/** A channel, and how many calls are under way on it, which its user counts. */
export interface Channel {
  readonly client: Client;
  calls: number;
}

/**
 * Several channels to core. Its workers share an address, and a connection stays with one of them, so
 * that a single connection would keep the others idle. A worker that is slower than the others gets
 * fewer calls, because its channels are freed later.
 */
export class CoreChannels {
  readonly #channels: readonly Channel[];
  #turn = 0;

  constructor(target: string, credentials: ChannelCredentials, options: ClientOptions) {
    // Without pools of their own all channels to one address would share a connection.
    const own = { ...options, 'grpc.use_local_subchannel_pool': 1 };
    this.#channels = Array.from({ length: CHANNELS }, () => {
      return { client: new Client(target, credentials, own), calls: 0 };
    });
  }

  /**
   * Returns the channel with the fewest calls; they take turns where several have as few. One that waits
   * before it tries to connect again fails each call at once, and is taken only where all of them do: when
   * core is back, they do not find it at the same moment.
   */
  freest(): Channel {
    const turn = this.#turn;
    this.#turn = (turn + 1) % CHANNELS;
    return this.#freestFrom(turn, isUsable) ?? (this.#freestFrom(turn, () => true) as Channel);
  }

  #freestFrom(turn: number, isFit: (channel: Channel) => boolean): Channel | undefined {
    let best: Channel | undefined;
    for (let i = 0; i < CHANNELS; i++) {
      const each = this.#at(turn + i);
      if (isFit(each) && (best === undefined || each.calls < best.calls)) best = each;
    }
    return best;
  }

  close(): void {
    for (const { client } of this.#channels) client.close();
  }

  #at(turn: number): Channel {
    return this.#channels[turn % CHANNELS] as Channel;
  }
}

function isUsable({ client }: Channel): boolean {
  const state = client.getChannel().getConnectivityState(false);
  return state !== connectivityState.TRANSIENT_FAILURE;
}
