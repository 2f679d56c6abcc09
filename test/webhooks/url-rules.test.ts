import { describe, expect, it } from 'vitest';
import { AddressRules } from '../../src/webhooks/address-rules.js';
import { BAD_PORTS } from '../../src/webhooks/bad-ports.js';
import { URL_REFUSALS, type UrlRefusal, urlRefusal } from '../../src/webhooks/url-rules.js';

const strict = { allowHttp: true, allowPorts: new Set<number>(), addresses: new AddressRules([]) };

const HOSTILE: readonly (readonly [string, UrlRefusal])[] = [
  // Not a whole URL, or one that readers take differently.
  ['', 'malformed'],
  ['hook', 'malformed'],
  ['//a.example.com/', 'malformed'],
  ['http:a.example.com', 'malformed'],
  ['http:/a.example.com', 'malformed'],
  ['https:\\\\a.example.com\\hook', 'malformed'],
  ['http://a.example.com\\@127.0.0.1/', 'malformed'],
  ['http://127.0.0.1\\.a.example.com/', 'malformed'],
  [' https://a.example.com/', 'malformed'],
  ['ht\ntp://a.example.com/', 'malformed'],
  ['https://a.exam\tple.com/', 'malformed'],
  ['https://a.example.com/\r\nHost: b.example.com', 'malformed'],
  ['https://a.example.com/\u0000', 'malformed'],
  ['https://a.example.com/\u202Egnp.exe', 'malformed'],
  ['http://::1/', 'host'],
  ['http://a.example.com:80:80/', 'port'],
  [`https://a.example.com/${'a'.repeat(2_048)}`, 'tooLong'],
  // Other schemes.
  ['file:///etc/passwd', 'scheme'],
  ['ftp://a.example.com/', 'scheme'],
  ['gopher://a.example.com:70/_x', 'scheme'],
  ['ws://a.example.com/', 'scheme'],
  ['unix://a.example.com/', 'scheme'],
  ['dict://127.0.0.1:11211/stat', 'scheme'],
  // A name or a password.
  ['https://user:password@a.example.com/', 'userInfo'],
  ['https://user@a.example.com/', 'userInfo'],
  ['https://@a.example.com/', 'userInfo'],
  ['http://a.example.com@127.0.0.1/', 'userInfo'],
  ['http://a.example.com:80@127.0.0.1@b.example.com/', 'userInfo'],
  // Empty or odd hosts.
  ['http:///hook', 'host'],
  ['http://', 'host'],
  ['http://:80/', 'host'],
  ['http://a.example.com./', 'host'],
  ['http://127.0.0.1./', 'host'],
  ['http://a..example.com/', 'host'],
  ['http://.example.com/', 'host'],
  ['http://-a.example.com/', 'host'],
  ['http://a_b.example.com/', 'host'],
  ['http://%31%32%37.0.0.1/', 'host'],
  ['http://127.0.0.1%00.example.com/', 'host'],
  ['http://１２７.0.0.1/', 'host'],
  ['http://①②⑦.⓪.⓪.①/', 'host'],
  ['http://127。0。0。1/', 'host'],
  ['http://ｌocalhost/', 'host'],
  ['http://丽水.example.com/', 'host'],
  ['http://256.1.1.1/', 'host'],
  ['http://1.2.3.4.5/', 'host'],
  ['http://127.0.0.0x1g/', 'host'],
  ['http://a.example.c0m/', 'host'],
  ['http://[::1%25lo]/', 'host'],
  ['http://[fe80::1%eth0]/', 'host'],
  ['http://[v1.fe80]/', 'host'],
  ['http://[]/', 'host'],
  ['http://[::1/', 'malformed'],
  [`http://${'a'.repeat(64)}.example.com/`, 'host'],
  [`http://${'a.'.repeat(130)}com/`, 'host'],
  // Numbers that are addresses all the same.
  ['http://2130706433/', 'hostNumber'],
  ['http://0x7f000001/', 'hostNumber'],
  ['http://017700000001/', 'hostNumber'],
  ['http://0177.0.0.1/', 'hostNumber'],
  ['http://0x7f.0.0.1/', 'hostNumber'],
  ['http://0X7F.1/', 'hostNumber'],
  ['http://127.1/', 'hostNumber'],
  ['http://127.0.1/', 'hostNumber'],
  ['http://0/', 'hostNumber'],
  ['http://127.000.000.001/', 'hostNumber'],
  ['http://2852039166/latest/meta-data/', 'hostNumber'],
  ['http://0xa9fea9fe/', 'hostNumber'],
  ['http://134744072/', 'hostNumber'],
  // Names of this machine or a local network.
  ['http://localhost/', 'hostName'],
  ['https://LOCALHOST:8443/', 'hostName'],
  ['http://a.localhost/', 'hostName'],
  ['http://localhost.localdomain/', 'hostName'],
  ['http://redis/', 'hostName'],
  ['http://printer.local/', 'hostName'],
  ['http://metadata.google.internal/computeMetadata/v1/', 'hostName'],
  ['http://kubernetes.default.svc/', 'hostName'],
  ['http://api.default.svc.cluster.local/', 'hostName'],
  ['http://router.lan/', 'hostName'],
  ['http://nas.home.arpa/', 'hostName'],
  ['http://1.0.0.127.in-addr.arpa/', 'hostName'],
  ['http://a.onion/', 'hostName'],
  // Addresses.
  ['http://127.0.0.1/', 'address'],
  ['http://127.255.255.254:8080/', 'address'],
  ['http://0.0.0.0/', 'address'],
  ['http://0.1.2.3/', 'address'],
  ['http://10.0.0.1/', 'address'],
  ['http://172.16.0.1/', 'address'],
  ['http://172.31.255.255/', 'address'],
  ['http://192.168.1.1/', 'address'],
  ['http://100.64.0.1/', 'address'],
  ['http://169.254.169.254/latest/meta-data/', 'address'],
  ['http://169.254.170.2/v2/credentials', 'address'],
  ['http://100.100.100.200/latest/meta-data/', 'address'],
  ['http://168.63.129.16/machine', 'address'],
  ['http://192.0.0.192/opc/v2/', 'address'],
  ['http://224.0.0.1/', 'address'],
  ['http://239.255.255.250:8080/', 'address'],
  ['http://255.255.255.255/', 'address'],
  ['http://240.0.0.1/', 'address'],
  ['http://192.0.2.1/', 'address'],
  ['http://198.51.100.1/', 'address'],
  ['http://203.0.113.1/', 'address'],
  ['http://198.18.0.1/', 'address'],
  ['http://192.88.99.1/', 'address'],
  ['http://[::]/', 'address'],
  ['http://[::1]/', 'address'],
  ['http://[0:0:0:0:0:0:0:1]/', 'address'],
  ['http://[::127.0.0.1]/', 'address'],
  ['http://[::8.8.8.8]/', 'address'],
  ['http://[::ffff:127.0.0.1]/', 'address'],
  ['http://[::ffff:7f00:1]/', 'address'],
  ['http://[::ffff:8.8.8.8]/', 'address'],
  ['http://[::ffff:0:127.0.0.1]/', 'address'],
  ['http://[fe80::1]/', 'address'],
  ['http://[fec0::1]/', 'address'],
  ['http://[fc00::1]/', 'address'],
  ['http://[fd00:ec2::254]/latest/', 'address'],
  ['http://[fd20:ce::254]/', 'address'],
  ['http://[ff02::1]/', 'address'],
  ['http://[100::1]/', 'address'],
  ['http://[2001:db8::1]/', 'address'],
  ['http://[3fff::1]/', 'address'],
  ['http://[2001:2::1]/', 'address'],
  ['http://[2002:7f00:1::]/', 'address'],
  ['http://[2002:808:808::1]/', 'address'],
  ['http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/', 'address'],
  ['http://[64:ff9b::127.0.0.1]/', 'address'],
  ['http://[64:ff9b::a9fe:a9fe]/', 'address'],
  ['http://[64:ff9b::168.63.129.16]/', 'address'],
  ['http://[64:ff9b:1::8.8.8.8]/', 'address'],
  ['http://[2400:3200::5efe:10.0.0.1]/', 'address'],
  ['http://[2400:3200::200:5efe:127.0.0.1]/', 'address'],
  ['http://[5f00::1]/', 'address'],
  ['http://[4000::1]/', 'address'],
  // Ports.
  ['http://a.example.com:22/', 'port'],
  ['http://a.example.com:25/', 'port'],
  ['http://a.example.com:6379/', 'port'],
  ['http://a.example.com:27017/', 'port'],
  ['http://a.example.com:2375/', 'port'],
  ['http://a.example.com:0/', 'port'],
  ['http://a.example.com:/', 'port'],
  ['http://a.example.com:65536/', 'port'],
  ['http://a.example.com:99999999/', 'port'],
  ['http://a.example.com:8a/', 'port'],
  ['http://a.example.com:-1/', 'port'],
  ['http://a.example.com:００80/', 'port'],
];

const GOOD: readonly string[] = [
  'https://hooks.lishui.gov.cn/match',
  'HTTPS://Hooks.Lishui.GOV.cn/Match',
  'https://hooks.lishui.gov.cn',
  'https://hooks.lishui.gov.cn:8443/a/b?c=d#e',
  'https://hooks.lishui.gov.cn:443/',
  'https://hooks.lishui.gov.cn:65535/',
  'https://xn--fiqs8s.xn--55qx5d.cn/',
  'https://a-b.c-1.example.com/丽水?区=莲都',
  'https://a.example.com/@user',
  'https://a.example.com/?at=u@b&c=http://127.0.0.1/',
  'https://1.2.3.4.example.com/',
  'https://local.example.com/',
  'https://8.8.8.8/',
  'https://223.5.5.5:8443/hook',
  'https://172.32.0.1/',
  'https://100.128.0.1/',
  'https://[2400:3200::1]/',
  'https://[2400:3200:0:0:0:0:0:1]:8443/',
  'https://[64:ff9b::8.8.8.8]/',
  'https://[2400:3200::5efe:8.8.8.8]/',
];

describe('urlRefusal', () => {
  it('has enough hostile URLs, each once, and meets every code', () => {
    expect(new Set(HOSTILE.map(([url]) => url)).size).toBe(HOSTILE.length);
    expect(HOSTILE.length).toBeGreaterThan(60);
    expect(new Set(HOSTILE.map(([, code]) => code))).toEqual(new Set(URL_REFUSALS));
  });

  it.each(HOSTILE)('refuses %j: %s', (url, code) => {
    expect(urlRefusal(url, strict)).toBe(code);
  });

  it.each(GOOD)('has nothing against %s', (url) => {
    expect(urlRefusal(url, strict)).toBeNull();
    expect(urlRefusal(url, { ...strict, allowHttp: false })).toBeNull();
  });

  it('takes http only where it is allowed', () => {
    expect(urlRefusal('http://hooks.lishui.gov.cn/', strict)).toBeNull();
    expect(urlRefusal('http://hooks.lishui.gov.cn/', { ...strict, allowHttp: false })).toBe('scheme');
  });

  it('opens ports that are allowed, and only these', () => {
    const opened = { ...strict, allowPorts: new Set([6379]) };
    expect(urlRefusal('https://a.example.com:6379/', opened)).toBeNull();
    expect(urlRefusal('https://a.example.com:6380/', opened)).toBe('port');
  });

  it('never refuses the ports receivers are wont to use', () => {
    for (const port of [80, 443, 3000, 5000, 7001, 8000, 8080, 8088, 8443, 8888, 9000, 9443]) {
      expect(BAD_PORTS.has(port)).toBe(false);
    }
  });

  it('opens ranges that are allowed, but no other form of their addresses', () => {
    const opened = { ...strict, addresses: new AddressRules(['10.20.0.0/16', 'fd12:3456::/32']) };
    expect(urlRefusal('https://10.20.3.4/', opened)).toBeNull();
    expect(urlRefusal('https://[fd12:3456::1]/', opened)).toBeNull();
    expect(urlRefusal('https://10.21.0.1/', opened)).toBe('address');
    expect(urlRefusal('https://[fd12:3457::1]/', opened)).toBe('address');
    expect(urlRefusal('https://0x0a140304/', opened)).toBe('hostNumber');
    expect(urlRefusal('https://[::ffff:10.20.3.4]/', opened)).toBe('address');
    expect(urlRefusal('https://[64:ff9b::10.20.3.4]/', opened)).toBe('address');
  });
});
