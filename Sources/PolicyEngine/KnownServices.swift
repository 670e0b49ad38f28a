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
    /// The paths of images that run it, without a registry and `library/`.
    package var images: [String]
    /// The ports that its images open unasked.
    package var opened: [OpenedPort]

    package init(
      name: String, ports: [UInt16] = [], shared: [UInt16] = [], carriers: [String] = [],
      images: [String] = [], opened: [OpenedPort] = []
    ) {
      self.name = name
      self.ports = ports
      self.shared = shared
      self.carriers = carriers
      self.images = images
      self.opened = opened
    }

    /// All ports that it has by default.
    var usual: [UInt16] { ports + shared }
  }

  /// A port that an image opens unless it is told otherwise.
  package struct OpenedPort: Sendable {
    package var port: UInt16
    /// The path of the image; nothing for each of the service.
    package var image: String?

    package init(port: UInt16, image: String? = nil) {
      self.port = port
      self.image = image
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
    let usual = named.usual
    if usual.contains(port) { return nil }
    let others = services(at: port)
    let isCarried = others.contains { $0.carriers.contains(named.name) || named.carriers.contains($0.name) }
    guard !isCarried, let other = others.first else { return nil }
    return (named.name, usual, other.name)
  }

  /// The service that an image runs, where its whole path says so; without a registry.
  func service(of image: ImageName) -> Service? {
    services.first { $0.images.contains(image.path) }
  }

  /// Whether what an image runs is known to listen on a port unasked.
  func opens(_ port: UInt16, _ image: ImageName) -> Bool {
    service(of: image)?.opened.contains { $0.port == port && $0.image ?? image.path == image.path } ?? false
  }

  /// Whether a text is a name of one of the services.
  func isName(_ name: String) -> Bool {
    service(named: name.lowercased()) != nil
  }

  /// Whether HTTP is known to be spoken on a port, be it over TLS.
  func isHTTP(_ port: UInt16) -> Bool {
    services.contains { ["http", "https"].contains($0.name) && $0.usual.contains(port) }
  }

  /// Whether no service is known to have the port by default that speaks something else than HTTP.
  func mayBeHTTP(_ port: UInt16) -> Bool {
    services.allSatisfy { service in
      let isWeb = ["http", "https"].contains(service.name) || service.carriers.contains("http")
      return isWeb || !service.usual.contains(port)
    }
  }

  /// Whether one service has both ports by default.
  func hasService(at port: UInt16, and other: UInt16) -> Bool {
    services.contains { $0.usual.contains(port) && $0.usual.contains(other) }
  }

  /// O(log *n*).
  private func service(named name: String) -> Service? {
    let index = names.indices.firstBehind { names[$0].name < name }
    guard index < names.count, names[index].name == name else { return nil }
    return services[names[index].service]
  }

  /// O(log *n*).
  /// The services whose default a port is. O(log *n*).
  func services(at port: UInt16) -> [Service] {
    let index = ports.indices.firstBehind { ports[$0].port < port }
    return ports[index...].prefix { $0.port == port }.map { services[$0.service] }
  }
}
