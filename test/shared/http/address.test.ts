import { expect, test } from 'vitest';
import { createAddressPolicy, isPublicAddress } from '../../../src/shared/http/index.ts';

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2606:4700::6810:84e5',
  '2a00:1450:4001::1',
  '2001:200::1',
  '::ffff:8.8.8.8',
  '::ffff:808:808',
  '64:ff9b::8.8.8.8',
])('isPublicAddress – %s is', (ip) => {
  expect(isPublicAddress(ip)).toBe(true);
});

test.each([
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.7',
  '203.0.113.9',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::127.0.0.1',
  '::8.8.8.8',
  '::ffff:127.0.0.1',
  '::FFFF:7F00:1',
  '0:0:0:0:0:ffff:10.0.0.1',
  '::ffff:169.254.169.254',
  '::ffff:0:127.0.0.1',
  '64:ff9b::10.0.0.1',
  '64:ff9b::',
  '64:ff9b::1',
  '64:ff9b:1::8.8.8.8',
  '100::1',
  '2001::1',
  '2001:10::1',
  '2001:db8::1',
  '2002:7f00:1::1',
  '2002:808:808::1',
  '3fff::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '',
  'localhost',
  '1.2.3',
  '1.2.3.4.5',
])('isPublicAddress – %s is not', (ip) => {
  expect(isPublicAddress(ip)).toBe(false);
});

test('createAddressPolicy – opens ranges and addresses, in either family and spelling', () => {
  const policy = createAddressPolicy(['10.1.0.0/16', '127.0.0.1', 'fd12::/16', '::1']);
  for (const ip of ['10.1.2.3', '::ffff:10.1.2.3', '127.0.0.1', 'fd12:3::4', '::1', '0:0::1', '8.8.8.8']) {
    expect([ip, policy.allowsAddress(ip)]).toEqual([ip, true]);
  }
  for (const ip of ['10.2.0.1', '127.0.0.2', 'fd13::1', '::2', 'nonsense']) {
    expect([ip, policy.allowsAddress(ip)]).toEqual([ip, false]);
  }
});

test('createAddressPolicy – opens hosts, with or without a port', () => {
  const policy = createAddressPolicy(['intranet.example', 'LocalHost:8080', '127.0.0.1:80', '[::1]:9000']);
  expect(policy.opensHost('Intranet.Example', 1234)).toBe(true);
  expect(policy.opensHost('localhost', 8080)).toBe(true);
  expect(policy.opensHost('localhost', 8081)).toBe(false);
  expect(policy.opensHost('127.0.0.1', 80)).toBe(true);
  expect(policy.opensHost('127.0.0.1', 81)).toBe(false);
  expect(policy.opensHost('::1', 9000)).toBe(true);
  expect(policy.opensHost('sub.intranet.example', 80)).toBe(false);
  expect(policy.allowsAddress('127.0.0.1')).toBe(false);
});

test.each(['10.0.0.0/33', '::/129', '10.0.0.0/x', '10.0.0.0/8/8', 'host/24', 'a b', 'user@host', 'host:99999', ''])(
  'createAddressPolicy – %j is a mistake',
  (entry) => {
    expect(() => createAddressPolicy([entry])).toThrow(RangeError);
  },
);
