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
    const inTurn = Array.from(this.#channels, (_, i) => this.#at(this.#turn + i));
    this.#turn = (this.#turn + 1) % CHANNELS;
    const usable = inTurn.filter((each) => !isFailing(each));
    const [first, ...others] = usable.length > 0 ? usable : inTurn;
    return others.reduce((best, each) => (each.calls < best.calls ? each : best), first as Channel);
  }

  close(): void {
    for (const { client } of this.#channels) client.close();
  }

  #at(turn: number): Channel {
    return this.#channels[turn % CHANNELS] as Channel;
  }
}

function isFailing({ client }: Channel): boolean {
  const state = client.getChannel().getConnectivityState(false);
  return state === connectivityState.TRANSIENT_FAILURE;
}
