// What the server pushes of launches: one stream of events a tab, shared by its components. Stands before the scripts
// of those; what they share hangs on the window.

const SILENCE = 8000; // ms without a word after connecting: then something on the way holds events back
const POLL = 3000; // ms between questions while it does
const RETRY = 60000; // ms until events are tried again
const LINGER = 500; // ms that a launch is kept when nobody watches it: components come and go while a page is drawn

class Feed {
  launches = new Map(); // id -> what is known of it, and who wants to know

  // Calls back at once with what is known, and at every change, until the returned function is called.
  watch(id, call, probe = false) {
    if (!this.launches.has(id)) this.launches.set(id, { points: new Map(), position: "", latest: null, watchers: new Set() });
    const launch = this.launches.get(id);
    const watcher = { call, probe };
    launch.watchers.add(watcher);
    if (launch.latest) call(launch);
    this.arrange();
    return () => { launch.watchers.delete(watcher); setTimeout(() => this.forget(id), LINGER); };
  }

  forget(id) {
    if (this.launches.get(id)?.watchers.size === 0 && this.launches.delete(id)) this.arrange();
  }

  arrange() {
    this.arranging ??= setTimeout(() => { this.arranging = null; this.connect(); }, 50); // once for a whole page
  }

  connect() {
    const wants = JSON.stringify(this.wants());
    if (wants === this.wanted && this.source?.readyState !== EventSource.CLOSED) return;
    this.wanted = wants;
    this.source?.close();
    this.source = null;
    if (!this.wants().launches.length) return this.listen(false);
    this.source = new EventSource(this.address("live/events"));
    this.source.onmessage = ({ data, lastEventId }) => {
      this.listen(false);
      this.take([JSON.parse(data)], lastEventId);
    };
    this.source.onerror = () => { if (this.source?.readyState === EventSource.CLOSED) this.listen(true); };
    this.listen(false);
    this.silence = setTimeout(() => this.listen(true), SILENCE);
  }

  wants() {
    const ids = [...this.launches].filter(([, launch]) => !launch.played).map(([id]) => id);
    return { launches: ids, probes: ids.filter((id) => [...this.launches.get(id).watchers].some(({ probe }) => probe)) };
  }

  address(file) {
    const { launches, probes } = this.wants();
    const since = launches.map((id) => this.launches.get(id).position).filter(Boolean);
    const address = serverAddress(file);
    address.search = new URLSearchParams({ launches, probes, since }); // lists become texts with commas
    return address;
  }

  // Asks from time to time instead, for as long as events do not arrive.
  listen(polling) {
    clearTimeout(this.silence);
    if (polling === !!this.polling) return;
    clearInterval(this.polling);
    clearTimeout(this.retry);
    this.polling = polling ? setInterval(() => this.ask(), POLL) : null;
    if (!polling) return;
    this.ask();
    this.retry = setTimeout(() => { this.wanted = null; this.connect(); }, RETRY);
  }

  async ask() {
    try {
      const { messages, position } = await (await fetch(this.address("live/changes"))).json();
      this.take(messages, position);
    } catch { /* the server is away: the next question may find it */ }
  }

  take(messages, position) {
    for (const part of position.split(",")) {
      const launch = this.launches.get(Number(part.split("=")[0]));
      if (launch) launch.position = part;
    }
    for (const message of messages) {
      const launch = this.launches.get(message.launch);
      if (launch && !launch.played) this.tell(launch, message);
    }
  }

  tell(launch, message) {
    if (message.again) launch.points.clear();
    for (const [epoch, point] of Object.entries(message.points)) launch.points.set(Number(epoch), point);
    launch.latest = { ...message, probe: message.probe ?? launch.latest?.probe };
    for (const { call } of launch.watchers) call(launch);
  }

  // Shows a watched launch that has come to rest once more as it trained, at a number of epochs a second.
  async play(id, speed) {
    const launch = this.launches.get(id);
    if (launch.played) return;
    launch.played = true; // nothing more is asked of the server
    let messages = [];
    try {
      const answer = await fetch(serverAddress(`live/replay?launch=${id}`));
      if (answer.ok) messages = await answer.json(); // else the run was deleted, or the database is away
    } catch { /* the server is away: what stands there stays */ }
    for (const [place, message] of messages.entries()) {
      if (place) await new Promise((next) => setTimeout(next, 1000 / speed));
      if (this.launches.get(id) !== launch) return; // nobody watches any more
      this.tell(launch, message);
    }
    launch.played = false;
  }
}

function feed() {
  return (window.pairdigitsFeed ??= new Feed());
}
