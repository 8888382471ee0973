using VClusterManager.Server.Configuration.Raw;
using VClusterManager.Server.DynamicEndpoints.Definitions;

namespace VClusterManager.Server.DynamicEndpoints.Reading;

/// <summary>Turns the text of a file into endpoints, or says all that is wrong with it. Pure.</summary>
internal static class EndpointsFile
{
    public const int MostEndpoints = 500;
    public const int MostCharacters = 1024 * 1024;

    private const string Empty = "is empty: a file without endpoints says endpoints: []";

    /// <param name="commands">The names of the commands that may be run.</param>
    public static EndpointsResult Read(string text, IReadOnlyCollection<string> commands)
    {
        ErrorList errors = new();
        if (text.Length > MostCharacters)
        {
            errors.Add(Origin.Default, "", "is larger than 1 MiB");
            return new EndpointsResult.Invalid(errors.Sorted);
        }

        var root = YamlReader.Read(
            text,
            line => new Origin(Variable: null, File: null, line),
            (at, message) => errors.Add(at, "", message)
        );
        if (root is null or { IsNull: true })
        {
            // A file that is being written may be empty for a while: that must not take everything away.
            if (!errors.Any)
            {
                errors.Add(root?.Origin ?? Origin.Default, "", Empty);
            }

            return new EndpointsResult.Invalid(errors.Sorted);
        }

        var endpoints = ReadRoot(root, commands, errors);
        return errors.Any ? new EndpointsResult.Invalid(errors.Sorted) : new EndpointsResult.Valid(endpoints);
    }

    private static List<EndpointDefinition> ReadRoot(
        RawNode root,
        IReadOnlyCollection<string> commands,
        ErrorList errors
    )
    {
        List<EndpointDefinition> endpoints = [];
        if (root is not RawMap map)
        {
            errors.Add(root.Origin, "", "must be a map with the key endpoints");
            return endpoints;
        }

        Fields fields = new(map, "", errors);
        var list = fields.Node("endpoints");
        fields.End();
        if (list is not RawList { Items: var items })
        {
            fields.Fail("endpoints", list is null ? Empty : "must be a list");
            return endpoints;
        }

        if (items.Count > MostEndpoints)
        {
            fields.Fail("endpoints", $"are more than {MostEndpoints}");
            return endpoints;
        }

        foreach (var (index, item) in items.Index())
        {
            var key = $"endpoints[{index}]";
            if (item is not RawMap one)
            {
                errors.Add(item.Origin, key, $"must be a map, not {item.Words}");
                continue;
            }

            Fields own = new(one, key, errors);
            var endpoint = new EndpointReader(own, one, commands).Read();
            CheckTwins(endpoint, endpoints, own);
            endpoints.Add(endpoint);
        }

        return endpoints;
    }

    private static void CheckTwins(EndpointDefinition endpoint, List<EndpointDefinition> before, Fields fields)
    {
        if (endpoint.Name.Length > 0 && before.Exists(e => e.Name == endpoint.Name))
        {
            fields.Fail("name", $"there is an endpoint {endpoint.Name} already");
        }

        var twin = before.Find(e =>
            e.Method == endpoint.Method && EndpointPath.ShapeOf(e.Path) == EndpointPath.ShapeOf(endpoint.Path)
        );
        if (twin is not null && endpoint.Path.Length > 0)
        {
            fields.Fail("path", $"{endpoint.Method} {endpoint.Path} is taken by the endpoint {twin.Name}");
        }
    }
}
