using VClusterManager.Server.DynamicEndpoints.Definitions;

namespace VClusterManager.Server.DynamicEndpoints.Reading;

/// <summary>The rules that join the fields of one endpoint.</summary>
internal sealed class EndpointRules(
    EndpointDefinition endpoint,
    IReadOnlyList<WrittenParameter> written,
    WrittenArguments arguments,
    IReadOnlyCollection<string> commands,
    bool changes,
    Fields fields
)
{
    public void Check()
    {
        CheckName();
        CheckPath();
        CheckCommand();
        CheckMethod();
        CheckStdin();
        CheckTarget();
        CheckUse();
    }

    private void CheckName()
    {
        if (endpoint.Name.Length > 0 && !IsName(endpoint.Name))
        {
            fields.Fail("name", "must be lower-case letters, digits and '-', beginning with a letter, at most 63");
        }
    }

    private void CheckPath()
    {
        if (endpoint.Path.Length == 0)
        {
            return;
        }

        if (EndpointPath.WrongWith(endpoint.Path) is { } wrong)
        {
            fields.Fail("path", wrong);
            return;
        }

        var inPath = EndpointPath.ParametersOf(endpoint.Path);
        foreach (var name in inPath.Where(n => endpoint.Parameter(n)?.In != ParameterPlace.Path))
        {
            fields.Fail("path", $"{{{name}}} needs a parameter {name} with in: path");
        }

        foreach (var parameter in written.Where(p => p.Definition.In == ParameterPlace.Path))
        {
            if (!inPath.Contains(parameter.Definition.Name))
            {
                fields.Errors.Add(
                    parameter.At,
                    parameter.Key,
                    $"is in: path, which has no {{{parameter.Definition.Name}}}"
                );
            }
        }
    }

    private void CheckCommand()
    {
        if (endpoint.Command.Length > 0 && !commands.Contains(endpoint.Command))
        {
            fields.Fail(
                "command",
                $"\"{endpoint.Command}\" is not one that may be run: there are {string.Join(", ", commands.Order(StringComparer.Ordinal))} (dynamic_endpoints.commands adds more)"
            );
        }

        if (arguments.All.Count == 0 && endpoint.Command is CommandRules.Kubectl or CommandRules.VCluster)
        {
            fields.Fail("args", "must hold at least the verb");
        }
    }

    private void CheckMethod()
    {
        if (endpoint.IsRead && changes)
        {
            fields.Fail("method", "GET must not change anything: use POST, PUT, PATCH or DELETE");
        }

        if (endpoint.IsRead && endpoint.HasBody)
        {
            fields.Fail("method", "GET has no body");
        }

        if (endpoint.Cache is not null && (!endpoint.IsRead || endpoint.Output == EndpointOutput.Stream))
        {
            fields.Fail("cache", "goes with GET, and not with output: stream");
        }
    }

    private void CheckStdin()
    {
        if (endpoint.StdinIsBody && endpoint.Parameters.Any(p => p.In == ParameterPlace.Body))
        {
            fields.Fail("stdin", "takes the whole body, so no parameter can be in it");
        }

        foreach (var name in endpoint.Stdin?.Parameters ?? [])
        {
            if (endpoint.Parameter(name) is not { } parameter)
            {
                fields.Fail("stdin", $"there is no parameter {name}");
            }
            else if (!parameter.IsAlwaysThere)
            {
                fields.Fail("stdin", $"{name} may be missing: make it required, or give it a default");
            }
        }
    }

    private void CheckTarget()
    {
        if (endpoint.Target == EndpointTarget.Cluster)
        {
            if (
                endpoint.Parameter(EndpointDefinition.ClusterParameter)
                is not { Type: ParameterType.K8sName, Required: true, In: not ParameterPlace.Body }
            )
            {
                fields.Fail(
                    "target",
                    $"cluster needs a required parameter {EndpointDefinition.ClusterParameter} of type k8s-name, in path or query"
                );
            }

            if (
                endpoint.Parameter(EndpointDefinition.ClusterNamespaceParameter)
                is { } space
                    and not { Type: ParameterType.K8sName, In: not ParameterPlace.Body }
            )
            {
                fields.Fail("target", $"the parameter {space.Name} must be of type k8s-name, in path or query");
            }

            if (endpoint.Command == CommandRules.VCluster)
            {
                fields.Fail("target", "vcluster works on the host: use kubectl for what is inside a cluster");
            }
        }

        if (endpoint.BoundBy is { } name && BoundByRules.WrongWith(name, endpoint, arguments) is { } wrong)
        {
            fields.Fail("bound_by", wrong);
        }
    }

    private void CheckUse()
    {
        foreach (var parameter in written.Where(p => !IsUsed(p)))
        {
            fields.Errors.Add(parameter.At, parameter.Key, "is not used: nothing would become of what callers give");
        }
    }

    private bool IsUsed(WrittenParameter parameter)
    {
        var name = parameter.Definition.Name;
        return parameter.Arguments.Count > 0
            || arguments.All.Any(a => a.Template.Parameters.Contains(name))
            || endpoint.Stdin?.Parameters.Contains(name) == true
            || (
                endpoint.Target == EndpointTarget.Cluster
                && name is EndpointDefinition.ClusterParameter or EndpointDefinition.ClusterNamespaceParameter
            );
    }

    private static bool IsName(string text) =>
        text.Length <= 63
        && char.IsAsciiLetterLower(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
