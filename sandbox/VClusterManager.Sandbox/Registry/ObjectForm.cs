using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Api;
using VClusterManager.Sandbox.Resources;
using VClusterManager.Sandbox.Schema;

namespace VClusterManager.Sandbox.Registry;

/// <summary>What becomes of fields that a type does not have.</summary>
internal enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}

/// <summary>Reads objects into the form of their type, or refuses them as the server's decoder does.</summary>
internal static class ObjectForm
{
    /// <summary>For what a client sent: unknown fields are treated as it asked.</summary>
    public static JsonObject Decode(ResourceDefinition resource, JsonObject json, WriteOptions options)
    {
        var (form, unknown) = Read(resource, json);
        if (unknown.Count == 0 || options.FieldValidation == FieldValidation.Ignore)
        {
            return form;
        }

        if (options.FieldValidation == FieldValidation.Strict)
        {
            var errors = unknown.Select(field => $"unknown field \"{field}\"");
            throw CannotHandle(resource, $"strict decoding error: {string.Join(", ", errors)}");
        }

        foreach (var field in unknown)
        {
            options.Warn?.Invoke($"unknown field \"{field}\"");
        }

        return form;
    }

    /// <summary>For what came about inside: brings it into form again.</summary>
    public static JsonObject Arrange(ResourceDefinition resource, JsonObject json) => Read(resource, json).Json;

    /// <summary>An object of this kind in which nothing is set.</summary>
    public static JsonObject Zero(ResourceDefinition resource) =>
        ApiTypes.Of(resource) is { } shape ? TypedForm.Zero(shape) : [];

    private static (JsonObject Json, IReadOnlyList<string> Unknown) Read(ResourceDefinition resource, JsonObject json)
    {
        json["kind"] = resource.Kind;
        json["apiVersion"] = resource.ApiVersion;
        if (ApiTypes.Of(resource) is not { } shape)
        {
            return (UntypedForm.Arrange(json), []);
        }

        try
        {
            return TypedForm.Of(json, shape);
        }
        catch (TypeMismatchException mismatch)
        {
            throw CannotHandle(resource, mismatch.Message);
        }
    }

    private static StatusException CannotHandle(ResourceDefinition resource, string why) =>
        Refusals.BadRequest(
            $"{resource.Kind} in version \"{resource.Version}\" cannot be handled as a {resource.Kind}: {why}"
        );
}
