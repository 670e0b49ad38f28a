/// The two grammars of port names in Kubernetes (apimachinery `util/validation`).
enum PortNameGrammar {
  /// `IsValidPortName`: containers' ports, `targetPort`, probes, Ingress, NetworkPolicy.
  case container
  /// A DNS label (RFC 1123): the ports of Services and Endpoints.
  case dnsLabel

  /// What is wrong with a name, in the API server's words and order; nothing for a valid one.
  func faults(in name: String) -> [String] {
    switch self {
    case .container: PortNameGrammar.containerFaults(name.utf8)
    case .dnsLabel: PortNameGrammar.labelFaults(name.utf8)
    }
  }

  private static func containerFaults(_ name: String.UTF8View) -> [String] {
    let hyphen = UInt8(ascii: "-")
    var faults: [String] = []
    if name.count > 15 { faults.append("must be no more than 15 characters") }
    if name.isEmpty || !name.allSatisfy({ $0.isLowerAlphanumeric || $0 == hyphen }) {
      faults.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    }
    if !name.contains(where: \.isLowerLetter) { faults.append("must contain at least one letter (a-z)") }
    var before = UInt8(0)
    let hasHyphensTogether = name.contains { byte in
      defer { before = byte }
      return byte == hyphen && before == hyphen
    }
    if hasHyphensTogether {
      faults.append("must not contain consecutive hyphens")
    }
    if name.first == hyphen || name.last == hyphen { faults.append("must not begin or end with a hyphen") }
    return faults
  }

  private static func labelFaults(_ name: String.UTF8View) -> [String] {
    let hyphen = UInt8(ascii: "-")
    var faults: [String] = []
    if name.count > 63 { faults.append("must be no more than 63 characters") }
    let isWellFormed =
      name.allSatisfy { $0.isLowerAlphanumeric || $0 == hyphen } && name.first != hyphen && name.last != hyphen
    if name.isEmpty || !isWellFormed {
      faults.append("must consist of lower-case letters, digits and hyphens, and begin and end with a letter or digit")
    }
    return faults
  }
}

extension UInt8 {
  fileprivate var isLowerLetter: Bool {
    self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z")
  }

  fileprivate var isLowerAlphanumeric: Bool {
    isLowerLetter || (self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9"))
  }
}
