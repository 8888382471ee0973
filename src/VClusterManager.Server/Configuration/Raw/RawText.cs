namespace VClusterManager.Server.Configuration.Raw;

/// <summary>YAML inside something else: a default, or the value of a variable.</summary>
internal static class RawText
{
    /// <exception cref="FormatException">It is not YAML.</exception>
    public static RawNode Read(string yaml, Origin origin)
    {
        var node = YamlReader.Read(yaml, _ => origin, (_, message) => throw new FormatException(message));
        return node ?? new RawScalar("", plain: true, origin);
    }
}
