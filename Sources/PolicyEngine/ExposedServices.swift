import PortModel

/// The table `exposed`: services that let anyone in, as they come or as some are set, and by what that is told.
package struct ExposedServices: Sendable {
  package struct Service: Sendable {
    package var name: String
    package var port: UInt16
    package var transport: TransportProtocol
    /// Words of images that run it, in lower case.
    package var images: [String]
    /// Whether the port alone tells it, where no image is given.
    package var isToldByPort: Bool
    /// The images, by their paths without a registry, that read no variables but those named here.
    package var official: [String]
    package var asking: Asking
    /// What shows that it asks who is there.
    package var guarded: [Sign]
    /// What shows that it does not, whatever else is set.
    package var open: [Sign]
    /// What shows that it does not, where nothing shows that it does.
    package var unguarded: [Sign]

    package init(
      name: String, port: UInt16, transport: TransportProtocol, images: [String], isToldByPort: Bool,
      official: [String], asking: Asking, guarded: [Sign], open: [Sign], unguarded: [Sign]
    ) {
      self.name = name
      self.port = port
      self.transport = transport
      self.images = images
      self.isToldByPort = isToldByPort
      self.official = official
      self.asking = asking
      self.guarded = guarded
      self.open = open
      self.unguarded = unguarded
    }
  }

  /// Whether a service asks who is there as it comes.
  package enum Asking: Hashable, Sendable {
    case never
    case always
    /// From this major version on.
    case from(Int)
  }

  /// A variable that is set, one with a value, or an argument.
  package enum Sign: Hashable, Sendable {
    case variable(String)
    case setting(String, String)
    case argument(String)

    /// Reads `NAME`, `NAME=value` or `--argument`.
    package init(_ text: Substring) {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      self =
        text.hasPrefix("-")
        ? .argument(String(text))
        : parts.count == 2 ? .setting(parts[0], parts[1]) : .variable(String(text))
    }
  }

  package let services: [Service]

  package init(services: [Service] = []) {
    self.services = services
  }

  /// The ports that tell a service by themselves, as the table of ports that conditions name.
  package var ports: PortTable {
    PortTable(
      rows: services.filter(\.isToldByPort).map {
        PortTable.Row(service: $0.name, ports: PortRange($0.port), transport: $0.transport)
      })
  }
}
