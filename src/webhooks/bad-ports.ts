/** Where a POST could be taken for another protocol's words. */
export const BAD_PORTS: ReadonlySet<number> = new Set([
  // "Bad ports" of the Fetch standard (fetch.spec.whatwg.org, section 2.9): mail, news, files, chat, names, time.
  ...[1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109],
  ...[110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530],
  ...[531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045],
  ...[4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10_080],
  // Windows shares and remote control, rsync.
  ...[445, 873, 3389, 5900, 5985, 5986],
  // Databases: SQL Server, Oracle, MySQL, PostgreSQL, Dameng, Redis and its sentinels, MongoDB, Cassandra, memcached.
  ...[1433, 1521, 3306, 5432, 5236, 6379, 6380, 26_379, 27_017, 27_018, 27_019, 9042, 11_211],
  // Queues and registers: ZooKeeper, RabbitMQ, Kafka, etcd, Erlang.
  ...[2181, 5672, 9092, 2379, 2380, 4369],
  // Control of machines that trust whoever reaches them: Docker, Kubernetes, Elasticsearch.
  ...[2375, 2376, 10_250, 10_255, 9200, 9300],
]);
