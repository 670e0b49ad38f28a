import PortModel
import SourceText

/// The table `known-services`: well-known services, the names the field gives their ports, and their default ports.
package struct KnownServices: Sendable {
  package struct Service: Sendable {
    package var name: String
    /// The ports that are its own by default, and no other service's.
    package var ports: [UInt16]
    /// Ports that it uses as many others do: its name says nothing wrong there, and neither does another's.
    package var shared: [UInt16]
    /// The services whose protocols this one speaks: a port of Elasticsearch may well be named `http`.
    package var carriers: [String]

    package init(name: String, ports: [UInt16] = [], shared: [UInt16] = [], carriers: [String] = []) {
      self.name = name
      self.ports = ports
      self.shared = shared
      self.carriers = carriers
    }
  }

  /// A name of a service, by its number in the table.
  package struct Name: Sendable {
    package var name: String
    package var service: Int

    package init(name: String, service: Int) {
      self.name = name
      self.service = service
    }
  }

  /// A default port of a service, by its number in the table.
  package struct Port: Sendable {
    package var port: UInt16
    package var service: Int

    package init(port: UInt16, service: Int) {
      self.port = port
      self.service = service
    }
  }

  package let services: [Service]
  /// Every name once, sorted.
  package let names: [Name]
  /// Sorted by port, then by service.
  package let ports: [Port]

  /// Makes the table of its parts, sorted as they are to be.
  package init(services: [Service] = [], names: [Name] = [], ports: [Port] = []) {
    self.services = services
    self.names = names
    self.ports = ports
  }

  /// The names of the services whose default a port is, with those that the field uses beside the service's own.
  func names(at port: UInt16) -> [String] {
    let index = ports.indices.firstBehind { ports[$0].port < port }
    let numbers = ports[index...].prefix { $0.port == port }.map(\.service)
    if numbers.isEmpty { return [] }
    return numbers.map { services[$0].name } + names.filter { numbers.contains($0.service) }.map(\.name)
  }

  /// The service that a port's name means, and the one whose default its number is, where they are two.
  func mismatch(name: String, port: UInt16) -> (named: String, usual: [UInt16], owner: String)? {
    guard let named = service(named: name.lowercased()) else { return nil }
    let usual = named.ports + named.shared
    if usual.contains(port) { return nil }
    let others = services(at: port)
    let isCarried = others.contains { $0.carriers.contains(named.name) || named.carriers.contains($0.name) }
    guard !isCarried, let other = others.first else { return nil }
    return (named.name, usual, other.name)
  }

  /// O(log *n*).
  private func service(named name: String) -> Service? {
    let index = names.indices.firstBehind { names[$0].name < name }
    guard index < names.count, names[index].name == name else { return nil }
    return services[names[index].service]
  }

  /// O(log *n*).
  private func services(at port: UInt16) -> [Service] {
    let index = ports.indices.firstBehind { ports[$0].port < port }
    return ports[index...].prefix { $0.port == port }.map { services[$0.service] }
  }
}
